// Trees over features that were quantised to bytes, 64 rows at a time.
//
// Every test of a tree is answered for 64 rows at once with one comparison of bytes, and picks for
// each row, byte by byte, the result of one of its two targets: tests come after the tests and
// endings that they lead to, so that the last one holds the ending of each row. There are no branches
// on data. The kernels differ in nothing but the instructions that they use; all give the same bits.

#ifndef C_TREE_KERNELS_H
#define C_TREE_KERNELS_H

#include <stdint.h>

#include "CTreeMasks.h"

enum { CTREE_ROWS = 64, CTREE_ENDINGS = 256, CTREE_NONE = 0xFFFF };

/// One test: whether `code - base < width` (as bytes), or whether the code is in a set.
typedef struct {
  /// The column of codes that is looked at; a set looks at the next one as well.
  uint16_t column;
  uint8_t base;
  uint8_t width;
  /// Results: from 0 to 255 an ending of the tree, from 256 on the tree's tests in order.
  uint16_t on_true;
  uint16_t on_false;
  /// Where the value is missing, if that is neither of the two; else CTREE_NONE.
  uint16_t on_missing;
  /// The mask of the rows that lack the value, if `on_missing` is used.
  uint16_t mask;
  /// The set, or CTREE_NONE.
  uint16_t set;
  uint16_t padding;
} ctree_test;

typedef struct {
  uint32_t first_test;
  uint32_t test_count;
  /// Where the tree's endings begin among the values; each output has as many.
  uint32_t first_value;
  uint32_t ending_count;
  /// The result that is the tree's: its last test, or an ending.
  uint16_t root;
  /// Whether some endings give no prediction, and whether some tests look at sets.
  uint8_t has_null;
  uint8_t has_sets;
  /// Whether all tests are `code < width`, and nothing else.
  uint8_t is_plain;
  uint8_t padding[3];
} ctree_tree;

typedef struct {
  const ctree_tree *trees;
  uint32_t tree_count;
  uint32_t output_count;
  const ctree_test *tests;
  /// 16 bytes a set: bit h of byte l stands for the code 16 h + l.
  const uint8_t *sets;
  /// For each tree and output, the values of its endings: float or double.
  const void *values;
  /// For each tree's endings, 1 where there is no prediction.
  const uint8_t *nulls;
} ctree_forest;

/// Adds the trees' values, in order, to 64 sums for each output, and to the 64 counts of missing
/// predictions. `codes` has 64 bytes a column, `masks` 64 bits a feature; `scratch` has room for
/// 64 bytes each of 256 endings and of the largest tree's tests; everything is aligned to 64 bytes.
typedef void (*ctree_add)(
    const ctree_forest *forest, const uint8_t *codes, const uint64_t *masks, uint8_t *scratch,
    void *sums, uint32_t *missing);

/// For 64 values, how many of 256 rising edges are not above each (255 for a missing value with
/// `high`, 0 without).
typedef void (*ctree_quantise)(
    const double *edges, const double *values, uint8_t *low, uint8_t *high, uint64_t *missing);

/// Functions and a text that never change: shared by any number of tasks.
typedef struct __attribute__((swift_attr("@Sendable"))) {
  const char *name;
  ctree_add add_float;
  ctree_add add_double;
  ctree_quantise quantise;
} ctree_kernel;

/// The kernels that this processor can run, the fastest first; `index` beyond the last gives one
/// without a name.
ctree_kernel ctree_kernel_at(int index);

#endif
