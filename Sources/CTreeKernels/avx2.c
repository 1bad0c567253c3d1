// 64 rows are two registers of bytes.

#include "CTreeKernels.h"
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 INLINE __m256i load(const void *rows) {
  return _mm256_load_si256((const __m256i *)rows);
}

AVX2 INLINE void store(void *rows, __m256i bytes) {
  _mm256_store_si256((__m256i *)rows, bytes);
}

/// 16 bytes, twice.
AVX2 INLINE __m256i table(const uint8_t *bytes) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)bytes));
}

/// A bit in each row for which a test is true.
AVX2 INLINE __m256i answer(
    const ctree_fragment *fragment, int test, const int8_t *codes, int half) {
  return _mm256_and_si256(
      _mm256_cmpgt_epi8(
          _mm256_set1_epi32((int)fragment->bounds[test]),
          load(codes + fragment->columns[test] + half)),
      _mm256_set1_epi8((char)(1 << test)));
}

/// Two and two values of endings: loads are quicker than to gather four at once.
AVX2 INLINE __m128d pair_of(const double *own, const uint8_t *ends) {
  return _mm_loadh_pd(_mm_load_sd(own + ends[0]), own + ends[1]);
}

AVX2 INLINE __m128 four_of(const float *own, const uint8_t *ends) {
  __m128 first = _mm_unpacklo_ps(_mm_load_ss(own + ends[0]), _mm_load_ss(own + ends[1]));
  __m128 second = _mm_unpacklo_ps(_mm_load_ss(own + ends[2]), _mm_load_ss(own + ends[3]));
  return _mm_movelh_ps(first, second);
}

/// The endings of the trees of a batch, as the results of their first fragments.
AVX2 INLINE void settle(
    const ctree_forest *forest, const ctree_batch *batch, const int8_t *codes, uint8_t *scratch) {
  const ctree_fragment *fragment = forest->fragments + batch->first_fragment;
  uint8_t *end = scratch + (size_t)batch->fragment_count * CTREE_ROOM;
  for (uint8_t *room = scratch; room < end; room += CTREE_ROOM, fragment++) {
    __m256i results = table(fragment->results);
    for (int half = 0; half < CTREE_ROWS; half += 32) {
      __m256i answers = _mm256_or_si256(
          _mm256_or_si256(
              answer(fragment, 0, codes, half), answer(fragment, 1, codes, half)),
          _mm256_or_si256(
              answer(fragment, 2, codes, half), answer(fragment, 3, codes, half)));
      store(room + half, answers);
      store(room + CTREE_ROWS + half, _mm256_shuffle_epi8(results, answers));
    }
  }
  const ctree_link *link = forest->links + batch->first_link;
  const ctree_link *last = link + batch->link_count;
  for (; link < last; link++) {
    uint8_t *from = scratch + (size_t)link->from * CTREE_ROOM;
    const uint8_t *to = scratch + (size_t)link->to * CTREE_ROOM + CTREE_ROWS;
    __m256i leads = table(link->leads);
    for (int half = 0; half < CTREE_ROWS; half += 32) {
      __m256i taken =
          _mm256_and_si256(_mm256_shuffle_epi8(leads, load(from + half)), load(to + half));
      store(
          from + CTREE_ROWS + half,
          _mm256_or_si256(load(from + CTREE_ROWS + half), taken));
    }
  }
}

AVX2 static void add_float(
    const ctree_forest *forest, const int8_t *codes, uint8_t *scratch, void *sums,
    uint32_t *missing) {
  const ctree_values *values = &forest->values;
  for (uint32_t b = 0; b < forest->batch_count; b++) {
    const ctree_batch *batch = forest->batches + b;
    ctree_fetch_values(forest, batch, sizeof(float));
    settle(forest, batch, codes, scratch);
    for (uint32_t t = 0; t < batch->tree_count; t++) {
      const ctree_tree *tree = forest->trees + batch->first_tree + t;
      const uint8_t *ends = ctree_ends(tree, scratch);
      for (uint32_t output = 0; output < values->output_count; output++) {
        const float *own = (const float *)values->values + tree->first_value +
                           (size_t)output * tree->ending_count;
        float *sum = (float *)sums + (size_t)output * CTREE_ROWS;
        for (int part = 0; part < 8; part++) {
          const uint8_t *own_ends = ends + 8 * part;
          __m256 found = _mm256_insertf128_ps(
              _mm256_castps128_ps256(four_of(own, own_ends)), four_of(own, own_ends + 4), 1);
          _mm256_store_ps(
              sum + 8 * part, _mm256_add_ps(_mm256_load_ps(sum + 8 * part), found));
        }
      }
      if (tree->has_null) ctree_count_nulls(values, tree->first_value, ends, missing);
    }
  }
}

AVX2 static void add_double(
    const ctree_forest *forest, const int8_t *codes, uint8_t *scratch, void *sums,
    uint32_t *missing) {
  const ctree_values *values = &forest->values;
  for (uint32_t b = 0; b < forest->batch_count; b++) {
    const ctree_batch *batch = forest->batches + b;
    ctree_fetch_values(forest, batch, sizeof(double));
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
          for (int part = 0; part < 16; part++) {
            const uint8_t *own_ends = ends + 4 * part;
            __m256d found = _mm256_insertf128_pd(
                _mm256_castpd128_pd256(pair_of(own, own_ends)), pair_of(own, own_ends + 2), 1);
            _mm256_store_pd(
                sum + 4 * part, _mm256_add_pd(_mm256_load_pd(sum + 4 * part), found));
          }
        }
      if (tree->has_null) ctree_count_nulls(values, tree->first_value, ends, missing);
    }
  }
}

/// 64 binary searches without branches, some side by side, so that one need not wait for another.
AVX2 INLINE void rank(
    const double *edges, uint32_t count, uint32_t depth, const double *values, uint16_t *ranks) {
  enum { AT_ONCE = 4 };
  const __m256i most = _mm256_set1_epi64x(count);
  for (int row = 0; row < CTREE_ROWS; row += 4 * AT_ONCE) {
    __m256d value[AT_ONCE];
    __m256i found[AT_ONCE];
    for (int part = 0; part < AT_ONCE; part++) {
      value[part] = _mm256_loadu_pd(values + row + 4 * part);
      found[part] = _mm256_setzero_si256();
    }
    for (uint32_t step = (1u << depth) >> 1; step > 0; step >>= 1)
      for (int part = 0; part < AT_ONCE; part++) {
        __m256d edge = _mm256_i64gather_pd(edges + step - 1, found[part], 8);
        __m256d reached = _mm256_cmp_pd(edge, value[part], _CMP_LE_OQ);
        found[part] = _mm256_add_epi64(
            found[part],
            _mm256_and_si256(_mm256_castpd_si256(reached), _mm256_set1_epi64x(step)));
      }
    for (int part = 0; part < AT_ONCE; part++) {
      __m256i beyond = _mm256_cmpgt_epi64(found[part], most);
      __m256i number = _mm256_blendv_epi8(found[part], most, beyond);
      // One more than there are for NaN.
      __m256d is_nan = _mm256_cmp_pd(value[part], value[part], _CMP_UNORD_Q);
      number = _mm256_blendv_epi8(
          number, _mm256_set1_epi64x((int64_t)count + 1), _mm256_castpd_si256(is_nan));
      uint64_t lanes[4];
      _mm256_storeu_si256((__m256i *)lanes, number);
      for (int lane = 0; lane < 4; lane++)
        ranks[row + 4 * part + lane] = (uint16_t)lanes[lane];
    }
  }
}

AVX2 INLINE void find(
    const uint8_t *set, const uint8_t *codes, const uint8_t *bits, int8_t *found) {
  for (int half = 0; half < CTREE_ROWS; half += 32) {
    __m256i own = _mm256_and_si256(
        _mm256_shuffle_epi8(table(set), load(codes + half)), load(bits + half));
    __m256i is_out = _mm256_cmpeq_epi8(own, _mm256_setzero_si256());
    store(found + half, _mm256_xor_si256(is_out, _mm256_set1_epi8(-128)));
  }
}

AVX2 INLINE void code(
    const uint16_t *codes, uint32_t count, uint16_t missing, const double *values,
    uint16_t *places) {
  for (int row = 0; row < CTREE_ROWS; row++) {
    double value = values[row];
    int is_known = value >= 0 && value < (double)count;
    // The one past the last stands for those that are not known.
    uint32_t category = (uint32_t)(int32_t)(is_known ? value : (double)count);
    uint16_t place = codes[category];
    places[row] = value != value ? missing : place;
  }
}

AVX2 static void look_up(
    const ctree_index *plans, uint32_t count, const double *features, ctree_indexes indexes) {
  ctree_look_up_by(rank, code, plans, count, features, indexes);
}

AVX2 static void encode(
    const ctree_encoding *plan, const double *features, ctree_indexes indexes, int8_t *codes) {
  ctree_encode_by(rank, find, plan, features, indexes, codes);
}

int ctree_avx2(ctree_kernel *kernel) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2")) return 0;
  *kernel = (ctree_kernel){"avx2", add_float, add_double, look_up, encode};
  return 1;
}

#else

int ctree_avx2(ctree_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
