// Trees of up to 64 endings, one row at a time.
//
// A tree's endings, in the order of its branches, are the bits of a word. The answer to a test takes
// away the endings that it rules out, and once all tests are answered the first bit left is the
// ending of the row: a tree is never walked. What a value of a feature rules out in all trees is a
// *cell*: a vector of one word a tree, then a list of single words that are not in the vector.

#ifndef C_TREE_MASKS_H
#define C_TREE_MASKS_H

#include <stdint.h>

enum { CTREE_NO_VECTOR = 0xFFFFFFFF };

/// What a value rules out.
typedef struct {
  /// The vector, or CTREE_NO_VECTOR.
  uint32_t vector;
  /// The list: from `first` to before `end`.
  uint32_t first;
  uint32_t end;
} ctree_cell;

/// A feature, and how its value leads to a cell.
typedef struct {
  uint32_t feature;
  uint32_t first_edge;
  uint32_t edge_count;
  /// Cell n, counted from here, is that of values with n edges not above them; the one after the last
  /// is that of a missing value.
  uint32_t first_cell;
  /// Whether edges are single values: cell 0 is that of all others then.
  uint32_t is_nominal;
} ctree_masked_column;

typedef struct {
  const ctree_masked_column *columns;
  uint32_t column_count;
  uint32_t tree_count;
  /// Words a vector has: the trees, filled up to 16.
  uint32_t stride;
  uint32_t output_count;
  /// Rising, column by column.
  const double *edges;
  const ctree_cell *cells;
  const uint32_t *list_trees;
  const uint64_t *list_masks;
  const uint64_t *vectors;
  /// For each tree, the place of its first ending; each place has a value an output.
  const uint32_t *endings;
  /// Float or double.
  const void *values;
} ctree_masked;

/// Adds up the trees' values of a row, in order, from 0: float or double, as the values are.
/// `words` has room for `stride` words and two more a column.
void ctree_score_masked_float(
    const ctree_masked *forest, const double *features, uint64_t *words, float *sums);
void ctree_score_masked_double(
    const ctree_masked *forest, const double *features, uint64_t *words, double *sums);

/// The same without instructions that only some processors have: what the others are checked
/// against.
void ctree_score_masked_float_portable(
    const ctree_masked *forest, const double *features, uint64_t *words, float *sums);
void ctree_score_masked_double_portable(
    const ctree_masked *forest, const double *features, uint64_t *words, double *sums);

#endif
