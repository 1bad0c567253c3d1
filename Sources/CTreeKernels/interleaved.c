#include "CTreeInterleaved.h"

/// The endings of all trees, from 0.
static inline __attribute__((always_inline)) void walk(
    const ctree_interleaved *forest, const double *features, uint32_t *ends) {
  uint32_t count = forest->node_count;
  for (uint32_t first = 0; first < forest->tree_count; first += CTREE_SIDE_BY_SIDE) {
    uint32_t at[CTREE_SIDE_BY_SIDE];
    uint32_t open = 0;
    for (int side = 0; side < CTREE_SIDE_BY_SIDE; side++) {
      at[side] = forest->roots[first + (uint32_t)side];
      open |= at[side] < count;
    }
    while (open) {
      open = 0;
      for (int side = 0; side < CTREE_SIDE_BY_SIDE; side++) {
        // A tree that has come to its end looks at a node all the same, and stays where it is.
        const ctree_node *node = forest->nodes + (at[side] < count ? at[side] : 0);
        double value = features[node->feature];
        uint32_t next = value < node->threshold ? node->on_true : node->on_false;
        next = value != value ? node->on_missing : next;
        at[side] = at[side] < count ? next : at[side];
        open |= at[side] < count;
      }
    }
    for (int side = 0; side < CTREE_SIDE_BY_SIDE; side++)
      ends[first + (uint32_t)side] = at[side] - count;
  }
}

#define SCORE(NUMBER)                                                                           \
  const NUMBER *values = (const NUMBER *)forest->values;                                        \
  uint32_t outputs = forest->output_count;                                                      \
  walk(forest, features, ends);                                                                 \
  for (uint32_t output = 0; output < outputs; output++) sums[output] = 0;                       \
  for (uint32_t tree = 0; tree < forest->tree_count; tree++) {                                  \
    const NUMBER *own = values + (uint64_t)ends[tree] * outputs;                                \
    for (uint32_t output = 0; output < outputs; output++) sums[output] += own[output];          \
  }

void ctree_score_interleaved_float(
    const ctree_interleaved *forest, const double *features, uint32_t *ends, float *sums) {
  SCORE(float)
}

void ctree_score_interleaved_double(
    const ctree_interleaved *forest, const double *features, uint32_t *ends, double *sums) {
  SCORE(double)
}
