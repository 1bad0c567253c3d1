// Trees over features that were turned into bytes, 64 rows at a time.
//
// A tree is cut into fragments of up to four tests. Each test is answered for 64 rows at once, by one
// comparison of bytes; the four answers of a row are a number from 0 to 15, and a table of 16 bytes
// holds, for each number, the ending where they lead. Where they lead to another fragment, a link fills
// in what that one has come to. There are no branches on data. The kernels differ in nothing but the
// instructions that they use; all give the same bits.

#ifndef C_TREE_KERNELS_H
#define C_TREE_KERNELS_H

#include <stdint.h>

#include "CTreeInterleaved.h"
#include "CTreeMasks.h"

enum { CTREE_ROWS = 64, CTREE_TESTS = 4 };

/// Tests of a tree that follow from each other, and where their answers lead.
typedef struct {
  /// Where the columns that the tests look at begin among the codes.
  uint32_t columns[CTREE_TESTS];
  /// A test is true where the code is below: a signed byte, four times.
  uint32_t bounds[CTREE_TESTS];
  /// By the answers, bit n that of test n: the number of an ending, or 0 where a link leads on.
  uint8_t results[16];
} ctree_fragment;

/// A way from one fragment of a batch to another.
typedef struct {
  uint16_t from;
  uint16_t to;
  /// By the answers of `from`: 255 where they lead to `to`, otherwise 0.
  uint8_t leads[16];
} ctree_link;

typedef struct {
  /// Where the values of the tree's endings begin.
  uint32_t first_value;
  /// How many endings there are, up to 256.
  uint16_t ending_count;
  /// The fragment in its batch that the tree begins with.
  uint16_t root;
  /// Whether some endings give no prediction.
  uint32_t has_null;
} ctree_tree;

/// Trees whose fragments are looked at together. Links stand after those that begin where they lead.
typedef struct {
  uint32_t first_fragment;
  uint32_t fragment_count;
  uint32_t first_link;
  uint32_t link_count;
  uint32_t first_tree;
  uint32_t tree_count;
} ctree_batch;

/// What the endings add: float or double.
///
/// With few outputs, a tree has the values of its endings output by output, and sums are columns of 64.
/// With many (`by_row`), it has them ending by ending, and sums row by row.
typedef struct {
  const void *values;
  /// For each tree's endings, 1 where there is no prediction.
  const uint8_t *nulls;
  uint32_t output_count;
  uint32_t by_row;
} ctree_values;

typedef struct {
  const ctree_batch *batches;
  const ctree_fragment *fragments;
  const ctree_link *links;
  const ctree_tree *trees;
  ctree_values values;
  uint32_t batch_count;
} ctree_forest;

/// A test of a tree that is walked: targets below the tree's count are tests, the others endings.
typedef struct {
  /// Where the column that the test looks at begins among the ranks.
  uint32_t column;
  /// The test is true where the rank is below.
  uint32_t bound;
  uint32_t on_true;
  uint32_t on_false;
} ctree_step;

typedef struct {
  uint32_t first_step;
  uint32_t step_count;
  uint32_t root;
  uint32_t first_value;
  uint32_t ending_count;
  uint32_t has_null;
} ctree_walked_tree;

/// Trees of too many endings for bytes.
typedef struct {
  const ctree_walked_tree *trees;
  const ctree_step *steps;
  ctree_values values;
  uint32_t tree_count;
} ctree_walked_forest;

/// Adds the trees' values, in order, to the sums of 64 rows, and to their counts of missing
/// predictions. `codes` has 64 bytes a column; `scratch` has room for 128 bytes a fragment of the
/// largest batch. Everything is aligned to 64 bytes.
typedef void (*ctree_add)(
    const ctree_forest *forest, const int8_t *codes, uint8_t *scratch, void *sums,
    uint32_t *missing);

enum { CTREE_NONE = 0xFFFFFFFF };

/// How a feature becomes an index that tables are looked up by: the rank of a number among edges, or the
/// code of a category.
typedef struct {
  /// 2^depth - 1 rising edges, of which those after the first `count` are infinite; none where there are
  /// categories.
  const double *edges;
  /// The codes of the first `count` categories, and a 0 behind them, which all others have.
  const uint16_t *codes;
  uint32_t count;
  uint32_t depth;
  uint32_t feature;
  /// The index of a missing value: one more than the others.
  uint32_t missing;
} ctree_index;

/// A feature whose rank among edges is a code, from -128 on, of one column or two: where a missing value
/// has the highest code, and where it has the lowest.
typedef struct {
  const double *edges;
  uint32_t count;
  uint32_t depth;
  uint32_t feature;
  /// Where the columns begin; CTREE_NONE if there is no such one.
  uint32_t missing_high;
  uint32_t missing_low;
} ctree_cells;

/// A column of codes that is looked up by an index.
typedef struct {
  const int8_t *codes;
  uint32_t index;
  uint32_t column;
} ctree_table;

/// A column that is -128 where an index is in a set, otherwise 127: bit h of byte l of the set stands for
/// the index 16 h + l.
typedef struct {
  uint8_t set[16];
  uint32_t index;
  uint32_t column;
} ctree_found;

/// How the codes of a group of trees are made.
typedef struct {
  const ctree_cells *cells;
  const ctree_table *tables;
  const ctree_found *found;
  uint32_t cells_count;
  uint32_t table_count;
  uint32_t found_count;
} ctree_encoding;

/// Indexes of 64 rows: 64 places an index; the last seven bits of each, and 1 << (those / 16).
typedef struct {
  uint16_t *places;
  uint8_t *bytes;
  uint8_t *bits;
} ctree_indexes;

/// Makes the indexes of 64 rows. `features` has 64 numbers a feature; NaN is missing.
typedef void (*ctree_look_up)(
    const ctree_index *plans, uint32_t count, const double *features, ctree_indexes indexes);

/// Makes the codes of 64 rows; `codes` has room for 64 a column.
typedef void (*ctree_encode)(
    const ctree_encoding *plan, const double *features, ctree_indexes indexes, int8_t *codes);

/// Functions and a text that never change: shared by any number of tasks.
typedef struct __attribute__((swift_attr("@Sendable"))) {
  const char *name;
  ctree_add add_float;
  ctree_add add_double;
  ctree_look_up look_up;
  ctree_encode encode;
} ctree_kernel;

/// The kernels that this processor can run, the fastest first; `index` beyond the last gives one
/// without a name.
ctree_kernel ctree_kernel_at(int index);

/// As the kernels, of trees that are walked. `ranks` has 64 a column.
void ctree_walk_float(
    const ctree_walked_forest *forest, const uint16_t *ranks, void *sums, uint32_t *missing);
void ctree_walk_double(
    const ctree_walked_forest *forest, const uint16_t *ranks, void *sums, uint32_t *missing);

#endif
