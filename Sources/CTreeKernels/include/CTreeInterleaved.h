// Trees of any number of endings, one row at a time: several trees are walked side by side, so that one
// need not wait for another.

#ifndef C_TREE_INTERLEAVED_H
#define C_TREE_INTERLEAVED_H

#include <stdint.h>

enum { CTREE_SIDE_BY_SIDE = 8 };

/// Whether a feature is below a threshold. Targets below the forest's count of nodes are nodes, the
/// others endings.
typedef struct {
  double threshold;
  uint32_t feature;
  uint32_t on_true;
  uint32_t on_false;
  uint32_t on_missing;
} ctree_node;

typedef struct {
  const ctree_node *nodes;
  uint32_t node_count;
  uint32_t tree_count;
  /// The first target of each tree, and then endings up to a multiple of those side by side.
  const uint32_t *roots;
  /// For each ending a value an output: float or double.
  const void *values;
  uint32_t output_count;
} ctree_interleaved;

/// Adds up the trees' values of a row, in order, from 0. `ends` has room for the roots.
void ctree_score_interleaved_float(
    const ctree_interleaved *forest, const double *features, uint32_t *ends, float *sums);
void ctree_score_interleaved_double(
    const ctree_interleaved *forest, const double *features, uint32_t *ends, double *sums);

#endif
