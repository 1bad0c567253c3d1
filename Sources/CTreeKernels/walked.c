// Trees of too many endings for bytes: rows are walked side by side, so that one need not wait for
// another.

#include "kernels.h"

enum { SIDE = 16 };

/// The endings of some rows.
INLINE void walk(
    const ctree_step *steps, uint32_t count, uint32_t root, const uint16_t *ranks, uint32_t *ends) {
  for (int row = 0; row < SIDE; row++) ends[row] = root;
  for (;;) {
    uint32_t open = 0;
    for (int row = 0; row < SIDE; row++) {
      uint32_t at = ends[row];
      const ctree_step *step = steps + (at < count ? at : 0);
      uint32_t next = ranks[step->column + (uint32_t)row] < step->bound ? step->on_true : step->on_false;
      ends[row] = at < count ? next : at;
      open |= ends[row] < count;
    }
    if (!open) return;
  }
}

#define WALK(NUMBER)                                                                            \
  const ctree_values *values = &forest->values;                                                 \
  uint32_t outputs = values->output_count;                                                      \
  for (uint32_t place = 0; place < forest->tree_count; place++) {                               \
    const ctree_walked_tree *tree = forest->trees + place;                                      \
    uint32_t ends[CTREE_ROWS];                                                                  \
    for (int row = 0; row < CTREE_ROWS; row += SIDE) {                                          \
      if (tree->root < tree->step_count)                                                        \
        walk(                                                                                   \
            forest->steps + tree->first_step, tree->step_count, tree->root, ranks + row,        \
            ends + row);                                                                        \
      else                                                                                      \
        for (int next = row; next < row + SIDE; next++) ends[next] = tree->root;                \
    }                                                                                           \
    for (int row = 0; row < CTREE_ROWS; row++) ends[row] -= tree->step_count;                   \
    const NUMBER *first = (const NUMBER *)values->values + tree->first_value;                   \
    for (int row = 0; row < CTREE_ROWS; row++)                                                  \
      for (uint32_t output = 0; output < outputs; output++)                                     \
        ((NUMBER *)sums)[values->by_row ? (uint32_t)row * outputs + output                      \
                                        : output * CTREE_ROWS + (uint32_t)row] +=               \
            first                                                                               \
                [values->by_row ? (size_t)ends[row] * outputs + output                          \
                                : (size_t)output * tree->ending_count + ends[row]];             \
    if (!tree->has_null) continue;                                                              \
    const uint8_t *nulls = values->nulls + tree->first_value / outputs;                         \
    for (int row = 0; row < CTREE_ROWS; row++) missing[row] += nulls[ends[row]];                \
  }

void ctree_walk_float(
    const ctree_walked_forest *forest, const uint16_t *ranks, void *sums, uint32_t *missing) {
  WALK(float)
}

void ctree_walk_double(
    const ctree_walked_forest *forest, const uint16_t *ranks, void *sums, uint32_t *missing) {
  WALK(double)
}
