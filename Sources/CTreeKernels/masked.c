#include "CTreeMasks.h"

#define INLINE static inline __attribute__((always_inline))

/// The cell of a value.
INLINE const ctree_cell *cell_of(
    const ctree_masked *forest, const ctree_masked_column *column, double value) {
  const ctree_cell *cells = forest->cells + column->first_cell;
  if (value != value) return cells + column->edge_count + 1;
  const double *edges = forest->edges + column->first_edge;
  const double *base = edges;
  // How many edges are not above the value, without branches.
  for (uint32_t left = column->edge_count; left > 1;) {
    uint32_t half = left / 2;
    base = base[half - 1] <= value ? base + half : base;
    left -= half;
  }
  uint32_t rank = (uint32_t)(base - edges) + (column->edge_count > 0 && *base <= value);
  if (column->is_nominal && rank > 0 && edges[rank - 1] != value) rank = 0;
  return cells + rank;
}

/// Leaves in each tree's word the endings that nothing rules out.
INLINE void rule_out(const ctree_masked *forest, const double *features, uint64_t *words) {
  const ctree_cell **cells = (const ctree_cell **)(words + forest->stride);
  const uint64_t **vectors = (const uint64_t **)(cells + forest->column_count);
  uint32_t cell_count = 0;
  uint32_t vector_count = 0;
  for (uint32_t place = 0; place < forest->column_count; place++) {
    const ctree_masked_column *column = forest->columns + place;
    const ctree_cell *cell = cell_of(forest, column, features[column->feature]);
    uint32_t has_vector = cell->vector != CTREE_NO_VECTOR;
    uint64_t vector = has_vector ? cell->vector : 0;
    vectors[vector_count] = forest->vectors + vector * forest->stride;
    vector_count += has_vector;
    cells[cell_count] = cell;
    cell_count += cell->first < cell->end;
  }
  for (uint32_t first = 0; first < forest->stride; first += 16) {
    uint64_t part[16];
    for (int tree = 0; tree < 16; tree++) part[tree] = ~(uint64_t)0;
    for (uint32_t vector = 0; vector < vector_count; vector++)
      for (int tree = 0; tree < 16; tree++) part[tree] &= vectors[vector][first + tree];
    for (int tree = 0; tree < 16; tree++) words[first + tree] = part[tree];
  }
  for (uint32_t place = 0; place < cell_count; place++) {
    uint32_t end = cells[place]->end;
    for (uint32_t entry = cells[place]->first; entry < end; entry++)
      words[forest->list_trees[entry]] &= forest->list_masks[entry];
  }
}

#define SCORE(NUMBER)                                                                           \
  const NUMBER *values = (const NUMBER *)forest->values;                                        \
  const uint32_t *endings = forest->endings;                                                    \
  rule_out(forest, features, words);                                                            \
  if (forest->output_count == 1) {                                                              \
    NUMBER sum = 0;                                                                             \
    for (uint32_t tree = 0; tree < forest->tree_count; tree++)                                  \
      sum += values[endings[tree] + (uint32_t)__builtin_ctzll(words[tree])];                    \
    sums[0] = sum;                                                                              \
    return;                                                                                     \
  }                                                                                             \
  for (uint32_t output = 0; output < forest->output_count; output++) sums[output] = 0;          \
  for (uint32_t tree = 0; tree < forest->tree_count; tree++) {                                  \
    uint64_t ending = endings[tree] + (uint32_t)__builtin_ctzll(words[tree]);                   \
    const NUMBER *shares = values + ending * forest->output_count;                              \
    for (uint32_t output = 0; output < forest->output_count; output++)                          \
      sums[output] += shares[output];                                                           \
  }

void ctree_score_masked_float_portable(
    const ctree_masked *forest, const double *features, uint64_t *words, float *sums) {
  SCORE(float)
}

void ctree_score_masked_double_portable(
    const ctree_masked *forest, const double *features, uint64_t *words, double *sums) {
  SCORE(double)
}

#if defined(__x86_64__)

#define WIDE __attribute__((target("avx2,bmi")))

WIDE static void score_float(
    const ctree_masked *forest, const double *features, uint64_t *words, float *sums) {
  SCORE(float)
}

WIDE static void score_double(
    const ctree_masked *forest, const double *features, uint64_t *words, double *sums) {
  SCORE(double)
}

static int is_wide(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

void ctree_score_masked_float(
    const ctree_masked *forest, const double *features, uint64_t *words, float *sums) {
  if (is_wide()) {
    score_float(forest, features, words, sums);
  } else {
    ctree_score_masked_float_portable(forest, features, words, sums);
  }
}

void ctree_score_masked_double(
    const ctree_masked *forest, const double *features, uint64_t *words, double *sums) {
  if (is_wide()) {
    score_double(forest, features, words, sums);
  } else {
    ctree_score_masked_double_portable(forest, features, words, sums);
  }
}

#else

void ctree_score_masked_float(
    const ctree_masked *forest, const double *features, uint64_t *words, float *sums) {
  ctree_score_masked_float_portable(forest, features, words, sums);
}

void ctree_score_masked_double(
    const ctree_masked *forest, const double *features, uint64_t *words, double *sums) {
  ctree_score_masked_double_portable(forest, features, words, sums);
}

#endif
