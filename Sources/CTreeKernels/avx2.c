// 64 rows are two registers of bytes.

#include "CTreeKernels.h"
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load(const uint8_t *rows, int half) {
  return _mm256_load_si256((const __m256i *)(rows + 32 * half));
}

/// All bits of a byte where `code - base < width`.
AVX2 static inline __m256i is_below(__m256i code, uint8_t base, uint8_t width) {
  __m256i bound = _mm256_set1_epi8((char)width);
  __m256i shifted = _mm256_sub_epi8(code, _mm256_set1_epi8((char)base));
  // Not below is where the greater of both is the code.
  __m256i is_not = _mm256_cmpeq_epi8(_mm256_max_epu8(shifted, bound), shifted);
  return _mm256_xor_si256(is_not, _mm256_set1_epi8(-1));
}

AVX2 static inline void answer(
    const ctree_test *test, const ctree_forest *forest, const uint8_t *codes,
    const uint64_t *masks, const uint8_t *results, uint8_t *out) {
  const uint8_t *column = codes + (size_t)test->column * CTREE_ROWS;
  for (int half = 0; half < 2; half++) {
    __m256i code = load(column, half);
    __m256i is_true;
    if (test->set == CTREE_NONE) {
      is_true = is_below(code, test->base, test->width);
    } else {
      __m256i set = _mm256_broadcastsi128_si256(
          _mm_loadu_si128((const __m128i *)(forest->sets + (size_t)test->set * 16)));
      __m256i bit = load(column + CTREE_ROWS, half);
      is_true =
          _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_shuffle_epi8(set, code), bit), bit);
    }
    __m256i result = _mm256_blendv_epi8(
        load(results + (size_t)test->on_false * CTREE_ROWS, half),
        load(results + (size_t)test->on_true * CTREE_ROWS, half), is_true);
    if (test->on_missing != CTREE_NONE) {
      // Each bit of the mask spread to a byte.
      __m256i bits = _mm256_set1_epi32((int)(uint32_t)(masks[test->mask] >> (32 * half)));
      __m256i spread = _mm256_shuffle_epi8(
          bits, _mm256_setr_epi8(
                    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3,
                    3, 3, 3, 3, 3, 3));
      __m256i single = _mm256_set1_epi64x((long long)0x8040201008040201ULL);
      __m256i is_missing = _mm256_cmpeq_epi8(_mm256_and_si256(spread, single), single);
      result = _mm256_blendv_epi8(
          result, load(results + (size_t)test->on_missing * CTREE_ROWS, half), is_missing);
    }
    _mm256_store_si256((__m256i *)(out + 32 * half), result);
  }
}

/// The ending of each row.
AVX2 static inline const uint8_t *endings(
    const ctree_tree *tree, const ctree_forest *forest, const uint8_t *codes,
    const uint64_t *masks, uint8_t *results) {
  const ctree_test *test = forest->tests + tree->first_test;
  const ctree_test *end = test + tree->test_count;
  uint8_t *next = results + (size_t)CTREE_ENDINGS * CTREE_ROWS;
  for (; test < end; test++, next += CTREE_ROWS)
    answer(test, forest, codes, masks, results, next);
  return results + (size_t)tree->root * CTREE_ROWS;
}

AVX2 static void add_float(
    const ctree_forest *forest, const uint8_t *codes, const uint64_t *masks, uint8_t *results,
    void *sums, uint32_t *missing) {
  ctree_fill_endings(results);
  for (uint32_t t = 0; t < forest->tree_count; t++) {
    const ctree_tree *tree = forest->trees + t;
    const uint8_t *ends = endings(tree, forest, codes, masks, results);
    for (uint32_t output = 0; output < forest->output_count; output++) {
      const float *values =
          (const float *)forest->values + tree->first_value + (size_t)output * tree->ending_count;
      float *sum = (float *)sums + (size_t)output * CTREE_ROWS;
      for (int part = 0; part < 8; part++) {
        __m256i lanes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(ends + 8 * part)));
        _mm256_store_ps(
            sum + 8 * part, _mm256_add_ps(
                                _mm256_load_ps(sum + 8 * part),
                                _mm256_i32gather_ps(values, lanes, 4)));
      }
    }
    if (tree->has_null) ctree_count_nulls(forest, tree, ends, missing);
  }
}

AVX2 static void add_double(
    const ctree_forest *forest, const uint8_t *codes, const uint64_t *masks, uint8_t *results,
    void *sums, uint32_t *missing) {
  ctree_fill_endings(results);
  for (uint32_t t = 0; t < forest->tree_count; t++) {
    const ctree_tree *tree = forest->trees + t;
    const uint8_t *ends = endings(tree, forest, codes, masks, results);
    for (uint32_t output = 0; output < forest->output_count; output++) {
      const double *values =
          (const double *)forest->values + tree->first_value + (size_t)output * tree->ending_count;
      double *sum = (double *)sums + (size_t)output * CTREE_ROWS;
      for (int part = 0; part < 16; part++) {
        uint32_t four;
        __builtin_memcpy(&four, ends + 4 * part, 4);
        __m128i lanes = _mm_cvtepu8_epi32(_mm_cvtsi32_si128((int)four));
        _mm256_store_pd(
            sum + 4 * part, _mm256_add_pd(
                                _mm256_load_pd(sum + 4 * part),
                                _mm256_i32gather_pd(values, lanes, 8)));
      }
    }
    if (tree->has_null) ctree_count_nulls(forest, tree, ends, missing);
  }
}

AVX2 static void quantise(
    const double *edges, const double *values, uint8_t *low, uint8_t *high, uint64_t *missing) {
  ctree_quantise_portable(edges, values, low, high, missing);
}

int ctree_avx2(ctree_kernel *kernel) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2")) return 0;
  *kernel = (ctree_kernel){"avx2", add_float, add_double, quantise};
  return 1;
}

#else

int ctree_avx2(ctree_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
