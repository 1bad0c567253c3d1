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

/// For 64 values, how many of the rising edges are not above each; one more than there are edges for
/// NaN. There are 2^depth - 1 edges at `edges`, of which those after the first `count` are infinite.
typedef void (*ctree_rank)(
    const double *edges, uint32_t count, uint32_t depth, const double *values, uint16_t *ranks);

/// For 64 codes from 0 to 127, -128 where the code is one of a set, otherwise 127. Bit h of byte l of
/// the set stands for the code 16 h + l; `bits` has 1 << (code / 16) of each row.
typedef void (*ctree_find)(
    const uint8_t *set, const uint8_t *codes, const uint8_t *bits, int8_t *found);

/// Functions and a text that never change: shared by any number of tasks.
typedef struct __attribute__((swift_attr("@Sendable"))) {
  const char *name;
  ctree_add add_float;
  ctree_add add_double;
  ctree_rank rank;
  ctree_find find;
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
