// The kernels, for vectors of BYTES bytes. Included once by each file that says what instructions
// they are compiled to; the arithmetic is the same in all of them, operation by operation.

#include <stddef.h>
#include <string.h>

// A product and a sum are rounded one by one, whatever the processor could do at once.
#pragma STDC FP_CONTRACT OFF

enum { LANES = BYTES / 8, VECTORS = CDENSE_ROWS / LANES, TILE_VECTORS = CDENSE_TILE / LANES };

typedef double vector __attribute__((vector_size(BYTES)));
typedef int64_t whole __attribute__((vector_size(BYTES)));
typedef double loose __attribute__((vector_size(BYTES), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vector load(const double *from) { return *(const loose *)from; }
INLINE void store(double *to, vector value) { *(loose *)to = value; }
/// Less nought, for a sum with it would lose the sign of -0.
INLINE vector splat(double value) { return value - (vector){0}; }
INLINE vector choose(whole where, vector yes, vector no) {
  return (vector)(((whole)yes & where) | ((whole)no & ~where));
}

#include "functions.h"

// MARK: Sums

INLINE vector added(uint32_t kind, vector sum, vector value, vector weight, double factor) {
  if (kind == CDENSE_PRODUCTS) return sum + weight * value;
  vector difference = value - weight;
  vector square = difference * difference;
  return sum + (kind == CDENSE_SQUARES ? square : factor * square);
}

/// `outputs` outputs from `first` on for `vectors` vectors of rows from `row` on.
INLINE void block_part(
    uint32_t kind, const cdense_layer *layer, const double *columns, double *results, int first,
    int outputs, int row, int vectors) {
  vector sums[outputs][vectors];
  for (int output = 0; output < outputs; output++)
    for (int part = 0; part < vectors; part++)
      sums[output][part] = splat(layer->biases[first + output]);
  const double *weights = layer->weights +
      (size_t)(first / CDENSE_TILE) * layer->source_count * CDENSE_TILE + first % CDENSE_TILE;
  for (uint32_t source = 0; source < layer->source_count; source++) {
    const double *column = columns + (size_t)layer->sources[source] * CDENSE_ROWS + row;
    double factor = kind == CDENSE_WEIGHTED_SQUARES ? layer->factors[source] : 1;
    for (int output = 0; output < outputs; output++) {
      vector weight = splat(weights[(size_t)source * CDENSE_TILE + output]);
      for (int part = 0; part < vectors; part++)
        sums[output][part] =
            added(kind, sums[output][part], load(column + part * LANES), weight, factor);
    }
  }
  for (int output = 0; output < outputs; output++)
    for (int part = 0; part < vectors; part++)
      store(results + (size_t)(first + output) * CDENSE_ROWS + row + part * LANES,
          sums[output][part]);
}

INLINE void block_of(
    uint32_t kind, const cdense_layer *layer, const double *columns, double *results) {
  int output = 0;
  int count = (int)layer->output_count;
  for (; output + 4 <= count; output += 4)
    for (int row = 0; row < CDENSE_ROWS; row += CHUNK * LANES)
      block_part(kind, layer, columns, results, output, 4, row, CHUNK);
  for (; output < count; output++)
    for (int row = 0; row < CDENSE_ROWS; row += 8 * LANES)
      block_part(kind, layer, columns, results, output, 1, row, 8);
}

static void block(const cdense_layer *layer, const double *columns, double *results) {
  switch (layer->kind) {
    case CDENSE_PRODUCTS: return block_of(CDENSE_PRODUCTS, layer, columns, results);
    case CDENSE_SQUARES: return block_of(CDENSE_SQUARES, layer, columns, results);
    default: return block_of(CDENSE_WEIGHTED_SQUARES, layer, columns, results);
  }
}

/// `tiles` tiles of outputs of a single row.
INLINE void single_part(
    uint32_t kind, const cdense_layer *layer, const double *values, double *results, size_t first,
    int tiles) {
  vector sums[tiles][TILE_VECTORS];
  for (int tile = 0; tile < tiles; tile++)
    for (int part = 0; part < TILE_VECTORS; part++)
      sums[tile][part] = load(layer->biases + (first + tile) * CDENSE_TILE + part * LANES);
  size_t step = (size_t)layer->source_count * CDENSE_TILE;
  const double *weights = layer->weights + first * step;
  for (uint32_t source = 0; source < layer->source_count; source++) {
    vector value = splat(values[layer->sources[source]]);
    double factor = kind == CDENSE_WEIGHTED_SQUARES ? layer->factors[source] : 1;
    for (int tile = 0; tile < tiles; tile++)
      for (int part = 0; part < TILE_VECTORS; part++) {
        vector weight = load(weights + tile * step + (size_t)source * CDENSE_TILE + part * LANES);
        sums[tile][part] = added(kind, sums[tile][part], value, weight, factor);
      }
  }
  for (int tile = 0; tile < tiles; tile++)
    for (int part = 0; part < TILE_VECTORS; part++)
      store(results + (first + tile) * CDENSE_TILE + part * LANES, sums[tile][part]);
}

INLINE void single_of(
    uint32_t kind, const cdense_layer *layer, const double *values, double *results) {
  enum { AT_ONCE = BYTES == 16 ? 2 : 4 };
  size_t tiles = (layer->output_count + CDENSE_TILE - 1) / CDENSE_TILE;
  size_t tile = 0;
  for (; tile + AT_ONCE <= tiles; tile += AT_ONCE)
    single_part(kind, layer, values, results, tile, AT_ONCE);
  for (; tile < tiles; tile++) single_part(kind, layer, values, results, tile, 1);
}

static void single(const cdense_layer *layer, const double *values, double *results) {
  switch (layer->kind) {
    case CDENSE_PRODUCTS: return single_of(CDENSE_PRODUCTS, layer, values, results);
    case CDENSE_SQUARES: return single_of(CDENSE_SQUARES, layer, values, results);
    default: return single_of(CDENSE_WEIGHTED_SQUARES, layer, values, results);
  }
}

static void accumulate(
    const double *coefficients, const double *columns, uint32_t count, double *results) {
  for (int row = 0; row < CDENSE_ROWS; row += 8 * LANES) {
    vector sums[8];
    for (int part = 0; part < 8; part++) sums[part] = load(results + row + part * LANES);
    for (uint32_t place = 0; place < count; place++)
      for (int part = 0; part < 8; part++) {
        vector value = load(columns + (size_t)place * CDENSE_ROWS + row + part * LANES);
        sums[part] = sums[part] + coefficients[place] * value;
      }
    for (int part = 0; part < 8; part++) store(results + row + part * LANES, sums[part]);
  }
}

// MARK: Columns

INLINE vector single_precision(vector value) {
  typedef float narrow __attribute__((vector_size(BYTES / 2)));
  return __builtin_convertvector(__builtin_convertvector(value, narrow), vector);
}

/// A vector of the rows that bits say of, from `row` on: all bits where they are set.
INLINE whole rows_of(uint64_t bits, int row) {
  whole places;
  for (int lane = 0; lane < LANES; lane++) places[lane] = (int64_t)1 << lane;
  uint64_t part = bits >> row;
  whole all;
  for (int lane = 0; lane < LANES; lane++) all[lane] = (int64_t)part;
  return (all & places) != 0;
}

INLINE vector operated(uint32_t operation, vector left, vector right) {
  switch (operation) {
    case CDENSE_ADD: return left + right;
    case CDENSE_SUBTRACT: return left - right;
    case CDENSE_MULTIPLY: return left * right;
    case CDENSE_DIVIDE: return choose(right == 0.0, splat(__builtin_nan("")), left / right);
    case CDENSE_SINGLE: return single_precision(left);
    case CDENSE_INDICATOR:
      return choose(left != left, left, choose(left == right, splat(1), splat(0)));
    case CDENSE_REPLACE: return choose(left != left, right, left);
    default: return left;
  }
}

INLINE void operate_all(uint32_t operation, const cdense_step *step, uint32_t columns) {
  vector first = splat(*step->left);
  vector second = splat(*step->right);
  for (int row = 0; row < CDENSE_ROWS; row += LANES)
    store(step->result + row,
        operated(operation, columns & 1 ? load(step->left + row) : first,
            columns & 2 ? load(step->right + row) : second));
}

INLINE void operate_by(uint32_t operation, const cdense_step *step) {
  switch (step->columns) {
    case 0: return operate_all(operation, step, 0);
    case 1: return operate_all(operation, step, 1);
    case 2: return operate_all(operation, step, 2);
    default: return operate_all(operation, step, 3);
  }
}

static void run(const cdense_step *steps, uint32_t count) {
  for (const cdense_step *step = steps; step < steps + count; step++) switch (step->operation) {
      case CDENSE_ADD: operate_by(CDENSE_ADD, step); break;
      case CDENSE_SUBTRACT: operate_by(CDENSE_SUBTRACT, step); break;
      case CDENSE_MULTIPLY: operate_by(CDENSE_MULTIPLY, step); break;
      case CDENSE_DIVIDE: operate_by(CDENSE_DIVIDE, step); break;
      case CDENSE_SINGLE: operate_by(CDENSE_SINGLE, step); break;
      case CDENSE_INDICATOR: operate_by(CDENSE_INDICATOR, step); break;
      case CDENSE_REPLACE: operate_by(CDENSE_REPLACE, step); break;
      case CDENSE_MASKED: {
        uint64_t rows = *step->rows;
        if (rows == UINT64_MAX) {
          operate_by(CDENSE_COPY, step);
          break;
        }
        for (int row = 0; row < CDENSE_ROWS; row += LANES)
          store(step->result + row,
              choose(rows_of(rows, row), load(step->left + row), splat(__builtin_nan(""))));
        break;
      }
      default: operate_by(CDENSE_COPY, step); break;
    }
}

static void look_up(
    const double *values, double base, const double *entries, uint32_t count, double *sums) {
  const double magic = 0x1.8p52;
  for (int row = 0; row < CDENSE_ROWS; row += LANES) {
    vector value = load(values + row);
    vector place = value - base;
    // Whole numbers within reach alone: their difference is exact.
    whole is_there = (((value + magic) - magic) == value) & (place >= 0.0) &
        (place < (double)(count - 1));
    place = choose(is_there, place, splat(count - 1));
    whole index = (whole)(place + magic) - (whole)splat(magic);
    double found[LANES];
    for (int lane = 0; lane < LANES; lane++) found[lane] = entries[index[lane]];
    store(sums + row, load(sums + row) + load(found));
  }
}

static void pick(uint32_t least, const double *columns, uint32_t count, double *places) {
  for (int row = 0; row < CDENSE_ROWS; row += LANES) {
    vector best = splat(__builtin_nan(""));
    vector place = splat(-1);
    for (uint32_t column = 0; column < count; column++) {
      vector value = load(columns + (size_t)column * CDENSE_ROWS + row);
      // True as well where there is none yet; NaN is never better.
      whole better = (least ? value < best : value > best) | ((best != best) & (value == value));
      best = choose(better, value, best);
      place = choose(better, splat(column), place);
    }
    store(places + row, place);
  }
}

static void rank(const double *columns, uint32_t count, uint32_t rank_count, double *ranks) {
  for (int row = 0; row < CDENSE_ROWS; row += LANES) {
    vector last = splat(__builtin_inf());
    vector last_place = splat(-1);
    for (uint32_t number = 0; number < rank_count; number++) {
      vector best = splat(-1);
      vector place = splat(-1);
      for (uint32_t column = 0; column < count; column++) {
        vector value = load(columns + (size_t)column * CDENSE_ROWS + row);
        // After the one of the rank before: less, or as great and further behind.
        whole after = (value < last) | ((value == last) & (splat(column) > last_place));
        whole better = after & (value >= 0.0) & (value > best);
        best = choose(better, value, best);
        place = choose(better, splat(column), place);
      }
      store(ranks + (size_t)number * CDENSE_ROWS + row, place);
      // Where there is none, nothing comes after either.
      last = choose(place < 0.0, splat(-1), best);
      last_place = place;
    }
  }
}

static void fetch(
    const double *places, const double *entries, uint64_t rows, double *values,
    int32_t *entities) {
  typedef int32_t narrow __attribute__((vector_size(BYTES / 2)));
  for (int row = 0; row < CDENSE_ROWS; row += LANES) {
    vector place = load(places + row);
    place = choose(rows_of(rows, row), place, splat(-1));
    whole index = (whole)(place + 0x1.8p52) - (whole)splat(0x1.8p52);
    whole is_there = place >= 0.0;
    double found[LANES];
    for (int lane = 0; lane < LANES; lane++)
      found[lane] = entries[is_there[lane] ? index[lane] : 0];
    store(values + row, choose(is_there, load(found), splat(__builtin_nan(""))));
    if (entities) {
      narrow whole_places = __builtin_convertvector(index, narrow);
      memcpy(entities + row, &whole_places, sizeof whole_places);
    }
  }
}

static uint64_t add_cells(
    const cdense_cells *cells, const double *values, double *sums, double *numbers) {
  uint64_t missing = 0;
  for (int row = 0; row < CDENSE_ROWS; row += LANES) {
    vector value = load(values + row);
    // A comparison that holds is -1.
    whole cell = (whole){0};
    for (uint32_t edge = 0; edge < cells->edge_count; edge++)
      cell -= value >= splat(cells->edges[edge]);
    whole is_missing = value != value;
    cell = (cell & ~is_missing) | ((whole)((whole){0} + cells->edge_count + 1) & is_missing);
    double points[LANES];
    for (int lane = 0; lane < LANES; lane++) points[lane] = cells->points[cell[lane]];
    vector point = load(points);
    store(sums + row, load(sums + row) + point);
    whole has_none = point != point;
    for (int lane = 0; lane < LANES; lane++)
      missing |= (uint64_t)(has_none[lane] & 1) << (row + lane);
    if (!numbers) continue;
    double differences[LANES];
    for (int lane = 0; lane < LANES; lane++) differences[lane] = cells->differences[cell[lane]];
    vector difference = load(differences);
    vector number = load(numbers + row);
    store(numbers + row, choose(number != number, difference, number + difference));
  }
  return missing;
}

static uint64_t missing(const double *columns, const int32_t *sources, uint32_t source_count) {
  uint64_t rows = 0;
  for (int row = 0; row < CDENSE_ROWS; row += 8 * LANES) {
    whole found[8];
    for (int part = 0; part < 8; part++) found[part] = (whole){0};
    for (uint32_t source = 0; source < source_count; source++)
      for (int part = 0; part < 8; part++) {
        size_t place = sources ? (size_t)sources[source] : source;
        vector value = load(columns + place * CDENSE_ROWS + row + part * LANES);
        found[part] |= value != value;
      }
    for (int part = 0; part < 8; part++)
      for (int lane = 0; lane < LANES; lane++)
        rows |= (uint64_t)(found[part][lane] & 1) << (row + part * LANES + lane);
  }
  return rows;
}

static cdense_kernel kernel_named(const char *name) {
  return (cdense_kernel){name, block, single, accumulate, map, run, look_up, pick, rank, fetch,
      add_cells, missing};
}
