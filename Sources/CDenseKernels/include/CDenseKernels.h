// Sums of products and of squared differences, for 64 rows or for a single one.
//
// A sum is never split: a lane of a vector holds a row (or, for a single row, an output), so that
// each sum is added up in the order of its sources, a product and then an addition. Every kernel,
// wide or narrow, for blocks or for a single row, gives the same bits.

#ifndef C_DENSE_KERNELS_H
#define C_DENSE_KERNELS_H

#include <stdint.h>

enum { CDENSE_ROWS = 64, CDENSE_TILE = 8 };

enum {
  /// bias + weight * value + ...
  CDENSE_PRODUCTS,
  /// bias + (value - weight)^2 + ...
  CDENSE_SQUARES,
  /// bias + factor * (value - weight)^2 + ...
  CDENSE_WEIGHTED_SQUARES
};

/// Outputs that take from the same sources in the same order.
typedef struct {
  /// For each tile of 8 outputs and each source, 8 weights.
  const double *weights;
  /// One an output, in whole tiles.
  const double *biases;
  /// One a source, for weighted squares.
  const double *factors;
  /// Where each source is: the number of its column or value.
  const int32_t *sources;
  uint32_t source_count;
  uint32_t output_count;
  uint32_t kind;
  uint32_t padding;
} cdense_layer;

/// From columns of 64 rows to one column an output.
typedef void (*cdense_block)(const cdense_layer *layer, const double *columns, double *outputs);

/// The same for a single row; `outputs` has whole tiles.
typedef void (*cdense_single)(const cdense_layer *layer, const double *values, double *outputs);

/// `sums += coefficient * column`, column after column of 64 rows.
typedef void (*cdense_accumulate)(
    const double *coefficients, const double *columns, uint32_t count, double *sums);

enum { CDENSE_EXP, CDENSE_LOGISTIC, CDENSE_TANH, CDENSE_RECTIFIER };

/// A function of `factor * value` for each value, in place.
typedef void (*cdense_map)(uint32_t function, double factor, double *values, uint32_t count);

enum {
  /// The left operand as it is.
  CDENSE_COPY,
  CDENSE_ADD,
  CDENSE_SUBTRACT,
  CDENSE_MULTIPLY,
  /// By nought is NaN.
  CDENSE_DIVIDE,
  /// Rounded to single precision.
  CDENSE_SINGLE,
  /// 1 where the left operand has the value of the right one, 0 where not; NaN where it is.
  CDENSE_INDICATOR,
  /// The left operand, or the right one where it is NaN.
  CDENSE_REPLACE,
  /// The left operand in the rows that `rows` names, NaN in the others.
  CDENSE_MASKED
};

/// An operation on 64 rows.
typedef struct {
  const double *left;
  const double *right;
  double *result;
  const uint64_t *rows;
  uint32_t operation;
  /// Which operands are columns: 1 the left, 2 the right; another is one number for all rows.
  uint32_t columns;
} cdense_step;

/// Does steps one after another.
typedef void (*cdense_run)(const cdense_step *steps, uint32_t count);

/// Adds to each of 64 sums the entry of its row's value less `base`; the last entry, of `count`, is
/// for values that have none, whole or not.
typedef void (*cdense_look_up)(
    const double *values, double base, const double *entries, uint32_t count, double *sums);

/// For each of 64 rows the first of the columns with the greatest number, or the least; NaN is passed
/// over. -1 where there is none.
typedef void (*cdense_pick)(
    uint32_t least, const double *columns, uint32_t count, double *places);

/// For each of 64 rows the columns with the greatest numbers, of equal ones the first, down to nought:
/// a column of places a rank. -1 where there are fewer.
typedef void (*cdense_rank)(
    const double *columns, uint32_t count, uint32_t rank_count, double *ranks);

/// The entry of each row's place; NaN where the place is -1, or `rows` does not name the row. The
/// places that are so found go to `entities`, unless that is null.
typedef void (*cdense_fetch)(
    const double *places, const double *entries, uint64_t rows, double *values,
    int32_t *entities);

/// Cells between rising edges, each with its points and what these count for as a reason; one more cell
/// than edges, and one for a missing value.
typedef struct {
  const double *edges;
  const double *points;
  const double *differences;
  uint32_t edge_count;
  uint32_t padding;
} cdense_cells;

/// Adds the points of each row's cell to its sum, and the difference to its number, which is NaN where
/// there is none yet; `numbers` may be null.
///
/// Returns the rows whose cell has no points.
typedef uint64_t (*cdense_add_cells)(
    const cdense_cells *cells, const double *values, double *sums, double *numbers);

/// The rows of which some value in these columns is NaN; without `sources`, in the first ones.
typedef uint64_t (*cdense_missing)(
    const double *columns, const int32_t *sources, uint32_t source_count);

/// Functions and a text that never change: shared by any number of tasks.
typedef struct __attribute__((swift_attr("@Sendable"))) {
  const char *name;
  cdense_block block;
  cdense_single single;
  cdense_accumulate accumulate;
  cdense_map map;
  cdense_run run;
  cdense_look_up look_up;
  cdense_pick pick;
  cdense_rank rank;
  cdense_fetch fetch;
  cdense_add_cells add_cells;
  cdense_missing missing;
} cdense_kernel;

/// The kernels that this processor can run, the fastest first; `index` beyond the last gives one
/// without a name.
cdense_kernel cdense_kernel_at(int index);

/// One number as every kernel's map gives it.
double cdense_exp(double value);
double cdense_logistic(double value);
double cdense_tanh(double value);

#endif
