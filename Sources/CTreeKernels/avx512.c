// 64 rows are one register of bytes.

#include "CTreeKernels.h"
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

AVX512 INLINE __m512i load(const void *rows) { return _mm512_load_si512(rows); }

/// 16 bytes, four times.
AVX512 INLINE __m512i table(const uint8_t *bytes) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)bytes));
}

AVX512 INLINE __mmask64 answer(const ctree_fragment *fragment, int test, const int8_t *codes) {
  return _mm512_cmplt_epi8_mask(
      load(codes + fragment->columns[test]), _mm512_set1_epi32((int)fragment->bounds[test]));
}

/// The endings of the trees of a batch, as the results of their first fragments.
AVX512 INLINE void settle(
    const ctree_forest *forest, const ctree_batch *batch, const int8_t *codes, uint8_t *scratch) {
  const ctree_fragment *fragment = forest->fragments + batch->first_fragment;
  uint8_t *end = scratch + (size_t)batch->fragment_count * CTREE_ROOM;
  for (uint8_t *room = scratch; room < end; room += CTREE_ROOM, fragment++) {
    __m512i answers = _mm512_maskz_mov_epi8(answer(fragment, 0, codes), _mm512_set1_epi8(1));
    answers = _mm512_mask_add_epi8(
        answers, answer(fragment, 1, codes), answers, _mm512_set1_epi8(2));
    answers = _mm512_mask_add_epi8(
        answers, answer(fragment, 2, codes), answers, _mm512_set1_epi8(4));
    answers = _mm512_mask_add_epi8(
        answers, answer(fragment, 3, codes), answers, _mm512_set1_epi8(8));
    _mm512_store_si512(room, answers);
    _mm512_store_si512(
        room + CTREE_ROWS, _mm512_shuffle_epi8(table(fragment->results), answers));
  }
  const ctree_link *link = forest->links + batch->first_link;
  const ctree_link *last = link + batch->link_count;
  for (; link < last; link++) {
    uint8_t *from = scratch + (size_t)link->from * CTREE_ROOM;
    const uint8_t *to = scratch + (size_t)link->to * CTREE_ROOM;
    __m512i leads = _mm512_shuffle_epi8(table(link->leads), load(from));
    _mm512_store_si512(
        from + CTREE_ROWS,
        _mm512_or_si512(
            load(from + CTREE_ROWS), _mm512_and_si512(leads, load(to + CTREE_ROWS))));
  }
}

AVX512 INLINE __m512i lanes_at(const uint8_t *ends, int part) {
  return _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(ends + 16 * part)));
}

AVX512 INLINE void add_to(float *sum, __m512 value) {
  _mm512_store_ps(sum, _mm512_add_ps(_mm512_load_ps(sum), value));
}

/// Adds one of the values of each row's ending; up to 64 of them are looked up in registers.
AVX512 INLINE void add_floats(
    const float *values, uint32_t count, const uint8_t *ends, float *sum) {
  if (count <= 32) {
    __m512 a = _mm512_loadu_ps(values), b = _mm512_loadu_ps(values + 16);
    for (int part = 0; part < 4; part++)
      add_to(sum + 16 * part, _mm512_permutex2var_ps(a, lanes_at(ends, part), b));
  } else if (count <= 64) {
    __m512 a = _mm512_loadu_ps(values), b = _mm512_loadu_ps(values + 16);
    __m512 c = _mm512_loadu_ps(values + 32), d = _mm512_loadu_ps(values + 48);
    for (int part = 0; part < 4; part++) {
      __m512i lanes = lanes_at(ends, part);
      add_to(
          sum + 16 * part, _mm512_mask_blend_ps(
                               _mm512_test_epi32_mask(lanes, _mm512_set1_epi32(32)),
                               _mm512_permutex2var_ps(a, lanes, b),
                               _mm512_permutex2var_ps(c, lanes, d)));
    }
  } else {
    for (int part = 0; part < 4; part++)
      add_to(sum + 16 * part, _mm512_i32gather_ps(lanes_at(ends, part), values, 4));
  }
}

AVX512 static void add_float(
    const ctree_forest *forest, const int8_t *codes, uint8_t *scratch, void *sums,
    uint32_t *missing) {
  const ctree_values *values = &forest->values;
  for (uint32_t b = 0; b < forest->batch_count; b++) {
    const ctree_batch *batch = forest->batches + b;
    settle(forest, batch, codes, scratch);
    for (uint32_t t = 0; t < batch->tree_count; t++) {
      const ctree_tree *tree = forest->trees + batch->first_tree + t;
      const uint8_t *ends = ctree_ends(tree, scratch);
      for (uint32_t output = 0; output < values->output_count; output++)
        add_floats(
            (const float *)values->values + tree->first_value +
                (size_t)output * tree->ending_count,
            tree->ending_count, ends, (float *)sums + (size_t)output * CTREE_ROWS);
      if (tree->has_null) ctree_count_nulls(values, tree->first_value, ends, missing);
    }
  }
}

AVX512 static void add_double(
    const ctree_forest *forest, const int8_t *codes, uint8_t *scratch, void *sums,
    uint32_t *missing) {
  const ctree_values *values = &forest->values;
  for (uint32_t b = 0; b < forest->batch_count; b++) {
    const ctree_batch *batch = forest->batches + b;
    settle(forest, batch, codes, scratch);
    for (uint32_t t = 0; t < batch->tree_count; t++) {
      const ctree_tree *tree = forest->trees + batch->first_tree + t;
      const uint8_t *ends = ctree_ends(tree, scratch);
      if (values->by_row) ctree_add_by_row(values, tree->first_value, ends, (double *)sums);
      else
        for (uint32_t output = 0; output < values->output_count; output++) {
          const double *own = (const double *)values->values + tree->first_value +
                              (size_t)output * tree->ending_count;
          double *sum = (double *)sums + (size_t)output * CTREE_ROWS;
          for (int part = 0; part < 8; part++) {
            __m256i lanes =
                _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(ends + 8 * part)));
            _mm512_store_pd(
                sum + 8 * part,
                _mm512_add_pd(
                    _mm512_load_pd(sum + 8 * part), _mm512_i32gather_pd(lanes, own, 8)));
          }
        }
      if (tree->has_null) ctree_count_nulls(values, tree->first_value, ends, missing);
    }
  }
}

/// Eight searches side by side. The first four steps of each are in registers.
AVX512 INLINE void rank(
    const double *edges, uint32_t count, uint32_t depth, const double *values, uint16_t *ranks) {
  const __m512i one = _mm512_set1_epi64(1);
  uint32_t top = depth < 4 ? depth : 4;
  uint32_t rest = depth - top;
  // Of 2^top - 1 edges that part the others evenly, the n-th, from 1, is edge n * 2^rest - 1.
  __m512i place = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
  __mmask16 used = (__mmask16)((1u << (1u << top)) - 2);
  __m512i low = _mm512_sub_epi64(_mm512_slli_epi64(place, rest), one);
  __m512i high = _mm512_sub_epi64(
      _mm512_slli_epi64(_mm512_add_epi64(place, _mm512_set1_epi64(8)), rest), one);
  __m512d none = _mm512_setzero_pd();
  __m512d a = _mm512_mask_i64gather_pd(none, (__mmask8)used, low, edges, 8);
  __m512d b = _mm512_mask_i64gather_pd(none, (__mmask8)(used >> 8), high, edges, 8);
  for (int part = 0; part < 8; part++) {
    __m512d value = _mm512_loadu_pd(values + 8 * part);
    __m512i rank = _mm512_setzero_si512();
    for (uint32_t step = (1u << top) >> 1; step > 0; step >>= 1) {
      __m512i tried = _mm512_add_epi64(rank, _mm512_set1_epi64(step));
      __m512d edge = _mm512_permutex2var_pd(a, tried, b);
      rank = _mm512_mask_mov_epi64(rank, _mm512_cmp_pd_mask(edge, value, _CMP_LE_OQ), tried);
    }
    rank = _mm512_slli_epi64(rank, rest);
    for (uint32_t step = (1u << rest) >> 1; step > 0; step >>= 1) {
      __m512i tried = _mm512_add_epi64(rank, _mm512_set1_epi64(step));
      __m512d edge = _mm512_i64gather_pd(_mm512_sub_epi64(tried, one), edges, 8);
      rank = _mm512_mask_mov_epi64(rank, _mm512_cmp_pd_mask(edge, value, _CMP_LE_OQ), tried);
    }
    // An infinite value is not below the edges that fill up, either.
    rank = _mm512_min_epu64(rank, _mm512_set1_epi64(count));
    rank = _mm512_mask_mov_epi64(
        rank, _mm512_cmp_pd_mask(value, value, _CMP_UNORD_Q), _mm512_set1_epi64(count + 1));
    _mm_storeu_si128((__m128i *)(ranks + 8 * part), _mm512_cvtepi64_epi16(rank));
  }
}

AVX512 INLINE void find(
    const uint8_t *set, const uint8_t *codes, const uint8_t *bits, int8_t *found) {
  __mmask64 is_in =
      _mm512_test_epi8_mask(_mm512_shuffle_epi8(table(set), load(codes)), load(bits));
  _mm512_store_si512(
      found, _mm512_mask_blend_epi8(is_in, _mm512_set1_epi8(127), _mm512_set1_epi8(-128)));
}

/// The codes of eight categories at a time: each is a whole number from 0 on, or none that is known.
AVX512 INLINE void code(
    const uint16_t *codes, uint32_t count, uint16_t missing, const double *values,
    uint16_t *places) {
  for (int part = 0; part < 8; part++) {
    __m512d value = _mm512_loadu_pd(values + 8 * part);
    __mmask8 is_known =
        _mm512_cmp_pd_mask(value, _mm512_setzero_pd(), _CMP_GE_OQ) &
        _mm512_cmp_pd_mask(value, _mm512_set1_pd((double)count), _CMP_LT_OQ);
    __m256i category = _mm512_maskz_cvttpd_epi32(is_known, value);
    __m256i place = _mm256_mmask_i32gather_epi32(
        _mm256_setzero_si256(), is_known, category, codes, 2);
    // A code and its neighbour were fetched.
    place = _mm256_and_si256(place, _mm256_set1_epi32(0xFFFF));
    place = _mm256_mask_mov_epi32(
        place, _mm512_cmp_pd_mask(value, value, _CMP_UNORD_Q), _mm256_set1_epi32(missing));
    _mm_storeu_si128((__m128i *)(places + 8 * part), _mm256_cvtepi32_epi16(place));
  }
}

AVX512 static void look_up(
    const ctree_index *plans, uint32_t count, const double *features, ctree_indexes indexes) {
  ctree_look_up_by(rank, code, plans, count, features, indexes);
}

AVX512 static void encode(
    const ctree_encoding *plan, const double *features, ctree_indexes indexes, int8_t *codes) {
  ctree_encode_by(rank, find, plan, features, indexes, codes);
}

int ctree_avx512(ctree_kernel *kernel) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq"))
    return 0;
  *kernel = (ctree_kernel){"avx512", add_float, add_double, look_up, encode};
  return 1;
}

#else

int ctree_avx512(ctree_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
