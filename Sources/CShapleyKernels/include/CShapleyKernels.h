// Shapley values of trees by quadrature, for 64 rows or for a single one.
//
// A tree is a list of edges in the order in which a walk through all of it meets them, parents first.
// An edge belongs to a player; its *share* is the part of the training records that pass it and the
// player's edges above it, and its *fit* says whether a row's values do. With each player present with
// probability q, the expected value of a tree is the sum over its endings of
//     value x product over players of (q fit + (1 - q) share),
// and a player's Shapley value is the integral over q of what this changes with the player's presence.
// The integral is a sum over the nodes of a Gauss-Legendre rule, exact for the polynomial that it is.
//
// On the way down, an edge multiplies the product above it by a *ratio*: its player's factor, over
// that of the player's edge above, if there is one. On the way up, its player gains the sum of the
// endings below times the product above times a *gain*: how far fit and share are apart, over the
// factor of the player's edge above, less the same of that edge.
//
// A block has a lane for each row, a single row a lane for each node. Both do the same operations on
// the same numbers in the same order, each rounded, so that all kernels give the same bits.

#ifndef C_SHAPLEY_KERNELS_H
#define C_SHAPLEY_KERNELS_H

#include <stdint.h>

enum { CSHAPLEY_ROWS = 64, CSHAPLEY_NONE = 0xFFFFFFFF };

/// What a test asks of its feature.
enum { CSHAPLEY_LESS, CSHAPLEY_EQUAL, CSHAPLEY_MISSING, CSHAPLEY_OTHER };

typedef struct {
  double threshold;
  uint32_t feature;
  uint32_t question;
} cshapley_test;

/// One answer to a test. A branch fits where all answers of one of its alternatives are given.
typedef struct {
  uint32_t test;
  /// Which answers pass: 1 true, 2 false, 4 unknown.
  uint16_t allowed;
  /// Whether it is the last of its alternative.
  uint16_t is_last;
} cshapley_answer;

typedef struct {
  uint32_t first_answer;
  uint32_t answer_count;
} cshapley_branch;

enum {
  /// The way ends here.
  CSHAPLEY_ENDING = 1,
  /// No edge before it has the same parent.
  CSHAPLEY_FIRST = 2,
  /// The player has an edge above.
  CSHAPLEY_REPEATED = 4
};

typedef struct {
  /// Of an ending.
  double value;
  double share;
  uint32_t player;
  /// What a row must fit.
  uint32_t branch;
  /// The nearest edge above of the same player, counted from the tree's first.
  uint32_t earlier;
  /// Where that edge's inverse factors begin, node by node: those of rows that do not fit it, then
  /// those of rows that do. A factor 0 has the inverse 0: nothing below it counts.
  uint32_t inverses;
  /// Edges above this one.
  uint16_t depth;
  /// How many edges end with an ending, beside itself.
  uint16_t closes;
  uint32_t kind;
} cshapley_edge;

typedef struct {
  uint32_t first_edge;
  uint32_t edge_count;
  /// Nodes of the rule, and where they stand among all rules' (filled up to whole fours): the nodes q,
  /// then 1 - q, then the weights.
  uint32_t node_count;
  uint32_t first_node;
} cshapley_tree;

typedef struct {
  const cshapley_tree *trees;
  const cshapley_edge *edges;
  const double *nodes;
  const double *inverses;
  const cshapley_branch *branches;
  const cshapley_answer *answers;
  uint32_t tree_count;
  uint32_t branch_count;
  uint32_t player_count;
  /// Nodes of the largest rule, filled up to whole fours.
  uint32_t stride;
  /// Edges on the longest way.
  uint32_t depth;
  uint32_t padding;
} cshapley_forest;

/// The answers of 64 rows to tests of one feature: in which rows each is true and in which unknown.
/// `missing` has the rows that lack each feature; CSHAPLEY_OTHER is left out.
typedef void (*cshapley_ask)(
    const cshapley_test *tests, uint32_t count, const double *columns, const uint64_t *missing,
    uint64_t *is_true, uint64_t *is_unknown);

/// The Shapley values of 64 rows: in `values` a column of 64 for each player, in `scores` the value
/// of each row. If there is room for `pairs`, `pair_values` gets a column for each two players (first <
/// second; first x player_count + second): what they do only together (the Shapley interaction index,
/// Grabisch and Roubens, 1999).
///
/// Room: `fits` as many as branches and then edges; `scratch` as `cshapley_scratch` says; `sums`
/// player_count x stride x 64, `pairs` player_count^2 x 64, both aligned to 64 bytes. `fits` keeps which
/// rows fit each branch, and then each edge and those of its player above.
typedef void (*cshapley_block)(
    const cshapley_forest *forest, const uint64_t *is_true, const uint64_t *is_unknown,
    uint64_t *fits, double *scratch, double *sums, double *pairs, double *values,
    double *pair_values, double *scores);

/// The same for a single row and `answers` of one byte a test: 1 true, 2 false, 4 unknown. `sums` has
/// player_count x stride.
typedef void (*cshapley_single)(
    const cshapley_forest *forest, const uint8_t *answers, uint8_t *fits, double *scratch,
    double *sums, double *values, double *score);

/// Gauss-Legendre rules for games whose coalitions are worth a product over players.
typedef struct {
  /// For each rule its nodes q, then 1 - q, then the weights, each filled up to whole eights.
  const double *nodes;
  /// By the number of players less one, over 16: where the rule begins, and how many nodes it has, in
  /// whole eights. It is exact for as many players.
  const uint32_t *starts;
  const uint32_t *sizes;
  uint32_t player_count;
  /// Nodes of the largest rule.
  uint32_t stride;
} cshapley_rules;

/// For each row of `absent`, the game whose coalitions are worth `scale` times the product over players
/// of `present` (of those that take part) and `absent` (of the others). `sums` has `stride` numbers for
/// each player, the sum of which grows by its Shapley values. A player whose factors are equal gains
/// nothing. Games in which no factor, all together, comes to `least` are left out.
///
/// Room: `scratch` as `cshapley_products_scratch` says, aligned to 64 bytes.
typedef void (*cshapley_products)(
    const cshapley_rules *rules, const double *present, const double *absent, uint32_t row_count,
    double scale, double least, double *scratch, double *sums);

/// Functions and a text that never change: shared by any number of tasks.
typedef struct __attribute__((swift_attr("@Sendable"))) {
  const char *name;
  cshapley_ask ask;
  cshapley_block block;
  cshapley_single single;
  cshapley_products products;
} cshapley_kernel;

/// The kernels that this processor can run, the fastest first; `index` beyond the last gives one
/// without a name.
cshapley_kernel cshapley_kernel_at(int index);

/// Numbers of scratch that a block and a single row need.
uint64_t cshapley_scratch(const cshapley_forest *forest);

/// Numbers of scratch that products of so many players need.
uint64_t cshapley_products_scratch(uint32_t player_count);

#endif
