// What the kernels share. Everything here is compiled once more with the instructions of each.

#ifndef KERNELS_H
#define KERNELS_H

#include <stddef.h>

#include "CTreeKernels.h"

#define INLINE static inline __attribute__((always_inline))

int ctree_avx512(ctree_kernel *kernel);
int ctree_avx2(ctree_kernel *kernel);

/// Of a fragment, the answers of 64 rows and then the results.
enum { CTREE_ROOM = 2 * CTREE_ROWS };

INLINE const uint8_t *ctree_ends(const ctree_tree *tree, const uint8_t *scratch) {
  return scratch + (size_t)tree->root * CTREE_ROOM + CTREE_ROWS;
}

INLINE void ctree_count_nulls(
    const ctree_values *values, uint32_t first_value, const uint8_t *ends, uint32_t *missing) {
  const uint8_t *nulls = values->nulls + first_value / values->output_count;
  for (int row = 0; row < CTREE_ROWS; row++) missing[row] += nulls[ends[row]];
}

/// Adds the values of each row's ending to the row's sums, which stand side by side.
INLINE void ctree_add_by_row(
    const ctree_values *values, uint32_t first_value, const uint8_t *ends, double *sums) {
  uint32_t count = values->output_count;
  const double *first = (const double *)values->values + first_value;
  for (int row = 0; row < CTREE_ROWS; row++, sums += count) {
    const double *own = first + (size_t)ends[row] * count;
    for (uint32_t output = 0; output < count; output++) sums[output] += own[output];
  }
}

#endif
