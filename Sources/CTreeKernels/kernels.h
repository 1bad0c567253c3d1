// What the kernels share.

#ifndef KERNELS_H
#define KERNELS_H

#include <stddef.h>
#include <string.h>

#include "CTreeKernels.h"

int ctree_avx512(ctree_kernel *kernel);
int ctree_avx2(ctree_kernel *kernel);

/// An ending's result is the ending in every row.
static inline void ctree_fill_endings(uint8_t *results) {
  for (int ending = 0; ending < CTREE_ENDINGS; ending++)
    memset(results + (size_t)ending * CTREE_ROWS, ending, CTREE_ROWS);
}

static inline void ctree_count_nulls(
    const ctree_forest *forest, const ctree_tree *tree, const uint8_t *ends, uint32_t *missing) {
  const uint8_t *nulls = forest->nulls + tree->first_value / forest->output_count;
  for (int row = 0; row < CTREE_ROWS; row++) missing[row] += nulls[ends[row]];
}

static inline void ctree_quantise_portable(
    const double *edges, const double *values, uint8_t *low, uint8_t *high, uint64_t *missing) {
  uint64_t absent = 0;
  for (int row = 0; row < CTREE_ROWS; row++) {
    double value = values[row];
    unsigned count = 0;
    for (unsigned step = 128; step > 0; step >>= 1)
      count += edges[count + step - 1] <= value ? step : 0;
    int is_missing = value != value;
    absent |= (uint64_t)is_missing << row;
    low[row] = (uint8_t)count;
    high[row] = is_missing ? 255 : (uint8_t)count;
  }
  *missing = absent;
}

#endif
