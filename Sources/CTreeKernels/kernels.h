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

/// Asks for the values of a batch's endings before its tests are answered: of large forests they are far,
/// and nothing tells which will be needed. Of very many, most will not be.
INLINE void ctree_fetch_values(
    const ctree_forest *forest, const ctree_batch *batch, size_t size) {
  for (uint32_t t = 0; t < batch->tree_count; t++) {
    const ctree_tree *tree = forest->trees + batch->first_tree + t;
    const char *first = (const char *)forest->values.values + tree->first_value * size;
    size_t bytes = (size_t)tree->ending_count * forest->values.output_count * size;
    if (bytes > 8192) continue;
    for (size_t place = 0; place < bytes; place += 64) __builtin_prefetch(first + place);
  }
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

/// The bits that go with the bytes of an index.
INLINE void ctree_split(const uint16_t *places, uint8_t *bytes, uint8_t *bits) {
  for (int row = 0; row < CTREE_ROWS; row++) bytes[row] = (uint8_t)(places[row] & 127);
  for (int row = 0; row < CTREE_ROWS; row++) bits[row] = (uint8_t)(1 << (bytes[row] >> 4));
}

INLINE void ctree_narrow(
    const uint16_t *ranks, uint32_t count, int8_t missing, int8_t *codes) {
  for (int row = 0; row < CTREE_ROWS; row++) {
    int8_t code = (int8_t)(uint8_t)(ranks[row] + 128);
    codes[row] = ranks[row] > count ? missing : code;
  }
}

INLINE void ctree_look_up_table(
    const ctree_table *table, const uint16_t *places, int8_t *codes) {
  for (int row = 0; row < CTREE_ROWS; row++) codes[row] = table->codes[places[row]];
}

/// How many of the rising edges are not above each of 64 values; one more than there are for NaN.
typedef void (*ctree_rank)(
    const double *edges, uint32_t count, uint32_t depth, const double *values, uint16_t *ranks);
/// The codes of 64 categories.
typedef void (*ctree_code)(
    const uint16_t *codes, uint32_t count, uint16_t missing, const double *values,
    uint16_t *places);
typedef void (*ctree_find)(
    const uint8_t *set, const uint8_t *bytes, const uint8_t *bits, int8_t *found);

INLINE void ctree_look_up_by(
    ctree_rank rank, ctree_code code, const ctree_index *plans, uint32_t count,
    const double *features, ctree_indexes indexes) {
  for (uint32_t n = 0; n < count; n++) {
    const ctree_index *plan = plans + n;
    const double *values = features + (size_t)plan->feature * CTREE_ROWS;
    uint16_t *places = indexes.places + (size_t)n * CTREE_ROWS;
    if (plan->edges) rank(plan->edges, plan->count, plan->depth, values, places);
    else {
      code(plan->codes, plan->count, (uint16_t)plan->missing, values, places);
      ctree_split(
          places, indexes.bytes + (size_t)n * CTREE_ROWS, indexes.bits + (size_t)n * CTREE_ROWS);
    }
  }
}

INLINE void ctree_encode_by(
    ctree_rank rank, ctree_find find, const ctree_encoding *plan, const double *features,
    ctree_indexes indexes, int8_t *codes) {
  uint16_t ranks[CTREE_ROWS];
  for (uint32_t n = 0; n < plan->cells_count; n++) {
    const ctree_cells *cells = plan->cells + n;
    rank(
        cells->edges, cells->count, cells->depth, features + (size_t)cells->feature * CTREE_ROWS,
        ranks);
    if (cells->missing_high != CTREE_NONE)
      ctree_narrow(ranks, cells->count, 127, codes + cells->missing_high);
    if (cells->missing_low != CTREE_NONE)
      ctree_narrow(ranks, cells->count, -128, codes + cells->missing_low);
  }
  for (uint32_t n = 0; n < plan->table_count; n++) {
    const ctree_table *table = plan->tables + n;
    ctree_look_up_table(
        table, indexes.places + (size_t)table->index * CTREE_ROWS, codes + table->column);
  }
  for (uint32_t n = 0; n < plan->found_count; n++) {
    const ctree_found *found = plan->found + n;
    size_t first = (size_t)found->index * CTREE_ROWS;
    find(found->set, indexes.bytes + first, indexes.bits + first, codes + found->column);
  }
}

#endif
