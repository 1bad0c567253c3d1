// 64 rows are one register of bytes.

#include "CTreeKernels.h"
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

AVX512 static inline __m512i load(const uint8_t *rows) {
  return _mm512_load_si512((const void *)rows);
}

AVX512 static inline __m512i answer(
    const ctree_test *test, const ctree_forest *forest, const uint8_t *codes,
    const uint64_t *masks, const uint8_t *results) {
  __m512i code = load(codes + (size_t)test->column * CTREE_ROWS);
  __mmask64 is_true;
  if (test->set == CTREE_NONE) {
    is_true = _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(code, _mm512_set1_epi8((char)test->base)),
        _mm512_set1_epi8((char)test->width));
  } else {
    __m512i set = _mm512_broadcast_i32x4(
        _mm_loadu_si128((const __m128i *)(forest->sets + (size_t)test->set * 16)));
    is_true = _mm512_test_epi8_mask(
        _mm512_shuffle_epi8(set, code), load(codes + ((size_t)test->column + 1) * CTREE_ROWS));
  }
  __m512i result = _mm512_mask_blend_epi8(
      is_true, load(results + (size_t)test->on_false * CTREE_ROWS),
      load(results + (size_t)test->on_true * CTREE_ROWS));
  if (test->on_missing != CTREE_NONE) {
    result = _mm512_mask_blend_epi8(
        (__mmask64)masks[test->mask], result,
        load(results + (size_t)test->on_missing * CTREE_ROWS));
  }
  return result;
}

/// The ending of each row.
AVX512 static inline __m512i endings(
    const ctree_tree *tree, const ctree_forest *forest, const uint8_t *codes,
    const uint64_t *masks, uint8_t *results) {
  const ctree_test *test = forest->tests + tree->first_test;
  const ctree_test *end = test + tree->test_count;
  uint8_t *next = results + (size_t)CTREE_ENDINGS * CTREE_ROWS;
  if (tree->is_plain) {
    for (; test < end; test++, next += CTREE_ROWS) {
      __mmask64 is_true = _mm512_cmplt_epu8_mask(
          load(codes + (size_t)test->column * CTREE_ROWS), _mm512_set1_epi8((char)test->width));
      _mm512_store_si512(
          (void *)next,
          _mm512_mask_blend_epi8(
              is_true, load(results + (size_t)test->on_false * CTREE_ROWS),
              load(results + (size_t)test->on_true * CTREE_ROWS)));
    }
  } else {
    for (; test < end; test++, next += CTREE_ROWS)
      _mm512_store_si512((void *)next, answer(test, forest, codes, masks, results));
  }
  return load(results + (size_t)tree->root * CTREE_ROWS);
}

AVX512 static void add_float(
    const ctree_forest *forest, const uint8_t *codes, const uint64_t *masks, uint8_t *results,
    void *sums, uint32_t *missing) {
  ctree_fill_endings(results);
  for (uint32_t t = 0; t < forest->tree_count; t++) {
    const ctree_tree *tree = forest->trees + t;
    __m512i ends = endings(tree, forest, codes, masks, results);
    __m512i lanes[4] = {
        _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(ends, 0)),
        _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(ends, 1)),
        _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(ends, 2)),
        _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(ends, 3))};
    for (uint32_t output = 0; output < forest->output_count; output++) {
      const float *values =
          (const float *)forest->values + tree->first_value + (size_t)output * tree->ending_count;
      float *sum = (float *)sums + (size_t)output * CTREE_ROWS;
      if (tree->ending_count <= 32) {
        __m512 low = _mm512_loadu_ps(values), high = _mm512_loadu_ps(values + 16);
        for (int part = 0; part < 4; part++)
          _mm512_store_ps(
              sum + 16 * part,
              _mm512_add_ps(
                  _mm512_load_ps(sum + 16 * part),
                  _mm512_permutex2var_ps(low, lanes[part], high)));
      } else if (tree->ending_count <= 64) {
        __m512 a = _mm512_loadu_ps(values), b = _mm512_loadu_ps(values + 16);
        __m512 c = _mm512_loadu_ps(values + 32), d = _mm512_loadu_ps(values + 48);
        for (int part = 0; part < 4; part++) {
          __m512 value = _mm512_mask_blend_ps(
              _mm512_test_epi32_mask(lanes[part], _mm512_set1_epi32(32)),
              _mm512_permutex2var_ps(a, lanes[part], b),
              _mm512_permutex2var_ps(c, lanes[part], d));
          _mm512_store_ps(
              sum + 16 * part, _mm512_add_ps(_mm512_load_ps(sum + 16 * part), value));
        }
      } else {
        for (int part = 0; part < 4; part++)
          _mm512_store_ps(
              sum + 16 * part,
              _mm512_add_ps(
                  _mm512_load_ps(sum + 16 * part), _mm512_i32gather_ps(lanes[part], values, 4)));
      }
    }
    if (tree->has_null)
      ctree_count_nulls(forest, tree, results + (size_t)tree->root * CTREE_ROWS, missing);
  }
}

AVX512 static void add_double(
    const ctree_forest *forest, const uint8_t *codes, const uint64_t *masks, uint8_t *results,
    void *sums, uint32_t *missing) {
  ctree_fill_endings(results);
  for (uint32_t t = 0; t < forest->tree_count; t++) {
    const ctree_tree *tree = forest->trees + t;
    _mm512_store_si512(
        (void *)(results + (size_t)CTREE_ENDINGS * CTREE_ROWS +
                 (size_t)tree->test_count * CTREE_ROWS),
        endings(tree, forest, codes, masks, results));
    const uint8_t *ends = results + (size_t)CTREE_ENDINGS * CTREE_ROWS +
                          (size_t)tree->test_count * CTREE_ROWS;
    for (uint32_t output = 0; output < forest->output_count; output++) {
      const double *values =
          (const double *)forest->values + tree->first_value + (size_t)output * tree->ending_count;
      double *sum = (double *)sums + (size_t)output * CTREE_ROWS;
      for (int part = 0; part < 8; part++) {
        __m256i lanes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(ends + 8 * part)));
        _mm512_store_pd(
            sum + 8 * part,
            _mm512_add_pd(
                _mm512_load_pd(sum + 8 * part), _mm512_i32gather_pd(lanes, values, 8)));
      }
    }
    if (tree->has_null) ctree_count_nulls(forest, tree, ends, missing);
  }
}

/// Eight searches side by side: the edges that are not above a value are counted bit by bit.
AVX512 static void quantise(
    const double *edges, const double *values, uint8_t *low, uint8_t *high, uint64_t *missing) {
  uint64_t absent = 0;
  for (int part = 0; part < 8; part++) {
    __m512d value = _mm512_loadu_pd(values + 8 * part);
    __m512i count = _mm512_setzero_si512();
    for (int step = 128; step > 0; step >>= 1) {
      __m512i tried = _mm512_add_epi64(count, _mm512_set1_epi64(step));
      __m512d edge =
          _mm512_i64gather_pd(_mm512_sub_epi64(tried, _mm512_set1_epi64(1)), edges, 8);
      count = _mm512_mask_mov_epi64(count, _mm512_cmp_pd_mask(edge, value, _CMP_LE_OQ), tried);
    }
    __mmask8 is_missing = _mm512_cmp_pd_mask(value, value, _CMP_UNORD_Q);
    absent |= (uint64_t)is_missing << (8 * part);
    _mm_storel_epi64((__m128i *)(low + 8 * part), _mm512_cvtepi64_epi8(count));
    count = _mm512_mask_mov_epi64(count, is_missing, _mm512_set1_epi64(255));
    _mm_storel_epi64((__m128i *)(high + 8 * part), _mm512_cvtepi64_epi8(count));
  }
  *missing = absent;
}

int ctree_avx512(ctree_kernel *kernel) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq"))
    return 0;
  *kernel = (ctree_kernel){"avx512", add_float, add_double, quantise};
  return 1;
}

#else

int ctree_avx512(ctree_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
