// The kernels, for vectors of BYTES bytes. Included once by each file that says what instructions
// they are compiled to; the arithmetic is the same in all of them, operation by operation.

#include <stddef.h>
#include <string.h>

// A product and a sum are rounded one by one, whatever the processor could do at once.
#pragma STDC FP_CONTRACT OFF

// Rows are done in groups of WIDE vectors, so that what is done once for all of them is done seldom.
enum { LANES = BYTES / 8, GROUP_ROWS = WIDE * LANES, GROUPS = CSHAPLEY_ROWS / GROUP_ROWS };

_Static_assert(GROUP_ROWS <= 16, "cshapley_scratch has room for 16 rows");

typedef double vector __attribute__((vector_size(BYTES)));
typedef int64_t whole __attribute__((vector_size(BYTES)));
typedef double loose __attribute__((vector_size(BYTES), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vector splat(double value) { return value - (vector){0}; }
INLINE vector choose(whole where, vector yes, vector no) {
  return (vector)(((whole)yes & where) | ((whole)no & ~where));
}

/// The rows of a group, from the lowest bit on, as a mask for each lane.
INLINE whole lanes(uint64_t rows) {
#if BYTES == 64
  const whole bits = {1, 2, 4, 8, 16, 32, 64, 128};
#elif BYTES == 32
  const whole bits = {1, 2, 4, 8};
#else
  const whole bits = {1, 2};
#endif
  return ((whole)((whole){0} + (int64_t)rows) & bits) == bits;
}

// MARK: Answers

static void ask_rows(
    const cshapley_test *tests, uint32_t count, const double *columns, const uint64_t *missing,
    uint64_t *is_true, uint64_t *is_unknown) {
  for (uint32_t place = 0; place < count; place++) {
    const cshapley_test *test = tests + place;
    const double *column = columns + (size_t)test->feature * CSHAPLEY_ROWS;
    const double threshold = test->threshold;
    uint64_t rows = 0;
    switch (test->question) {
      case CSHAPLEY_LESS:
        for (uint32_t row = 0; row < CSHAPLEY_ROWS; row++)
          rows |= (uint64_t)(column[row] < threshold) << row;
        is_unknown[place] = missing[test->feature];
        break;
      case CSHAPLEY_EQUAL:
        for (uint32_t row = 0; row < CSHAPLEY_ROWS; row++)
          rows |= (uint64_t)(column[row] == threshold) << row;
        is_unknown[place] = missing[test->feature];
        break;
      case CSHAPLEY_MISSING:
        rows = missing[test->feature];
        is_unknown[place] = 0;
        break;
      default: continue;
    }
    is_true[place] = rows;
  }
}

/// The rows whose answer to an edge's test passes it.
INLINE uint64_t passing(uint32_t allowed, uint64_t is_true, uint64_t is_unknown) {
  return (is_true & -(uint64_t)(allowed & 1)) |
         (~(is_true | is_unknown) & -(uint64_t)(allowed >> 1 & 1)) |
         (is_unknown & -(uint64_t)(allowed >> 2 & 1));
}

// MARK: Blocks

/// Which rows fit each branch.
INLINE void fit_branches(
    const cshapley_forest *forest, const uint64_t *is_true, const uint64_t *is_unknown,
    uint64_t *fits) {
  for (uint32_t place = 0; place < forest->branch_count; place++) {
    const cshapley_branch branch = forest->branches[place];
    const cshapley_answer *answer = forest->answers + branch.first_answer;
    uint64_t rows = 0, all = ~(uint64_t)0;
    for (uint32_t left = branch.answer_count; left > 0; left--, answer++) {
      all &= passing(answer->allowed, is_true[answer->test], is_unknown[answer->test]);
      if (!answer->is_last) continue;
      rows |= all;
      all = ~(uint64_t)0;
    }
    fits[place] = rows;
  }
}

/// Which rows fit each edge of a tree, and what the rows' endings add to their scores. `reach` has
/// a word for each depth: the rows that get there.
INLINE void fit_edges(
    const cshapley_forest *forest, const cshapley_tree *tree, const uint64_t *branches,
    uint64_t *fits, uint64_t *reach, double *scores) {
  const cshapley_edge *edges = forest->edges + tree->first_edge;
  reach[0] = ~(uint64_t)0;
  for (uint32_t place = 0; place < tree->edge_count; place++) {
    const cshapley_edge *edge = edges + place;
    uint64_t rows = branches[edge->branch];
    uint64_t reached = reach[edge->depth] & rows;
    fits[place] = edge->kind & CSHAPLEY_REPEATED ? rows & fits[edge->earlier] : rows;
    reach[edge->depth + 1] = reached;
    if (!(edge->kind & CSHAPLEY_ENDING)) continue;
    for (; reached; reached &= reached - 1) scores[__builtin_ctzll(reached)] += edge->value;
  }
}

/// What is known at an edge of the way: WIDE vectors for each node.
typedef struct {
  /// The product of the ratios above the edge.
  vector *product;
  vector *ratio;
  /// If the edge is not repeated, of one node for all.
  vector *gain;
  /// The sum of what is below the edges that have this one's parent.
  vector *sum;
  /// The gain over the ratio, for pairs.
  vector *change;
} frame;

INLINE frame frame_at(vector *frames, uint32_t depth, uint32_t count) {
  const size_t size = (size_t)count * WIDE;
  vector *first = frames + depth * 5 * size;
  return (frame){first, first + size, first + 2 * size, first + 3 * size, first + 4 * size};
}

#define EACH for (uint32_t part = 0; part < WIDE; part++)

/// The ratio and gain of an edge.
INLINE void enter_edge(
    const cshapley_forest *forest, const cshapley_tree *tree, const cshapley_edge *edge,
    const uint64_t *fits, uint32_t place, uint32_t shift, uint32_t count, vector *ratio,
    vector *gain) {
  const uint32_t padded = (tree->node_count + 3) / 4 * 4;
  const double *present = forest->nodes + tree->first_node, *absent = present + padded;
  const double share = edge->share, without = 0 - share, with = 1 - share;
  whole fit[WIDE];
  vector difference[WIDE];
  EACH {
    fit[part] = lanes(fits[place] >> (shift + part * LANES));
    difference[part] = choose(fit[part], splat(with), splat(without));
  }
  for (uint32_t node = 0; node < count; node++) {
    const vector factor = splat(absent[node] * share), more = splat(present[node]);
    EACH ratio[node * WIDE + part] = factor + choose(fit[part], more, splat(0));
  }
  if (!(edge->kind & CSHAPLEY_REPEATED)) {
    EACH gain[part] = difference[part];
    return;
  }
  const double *inverses = forest->inverses + edge->inverses;
  const double earlier = forest->edges[tree->first_edge + edge->earlier].share;
  whole was[WIDE];
  vector before[WIDE];
  EACH {
    was[part] = lanes(fits[edge->earlier] >> (shift + part * LANES));
    before[part] = choose(was[part], splat(1 - earlier), splat(0 - earlier));
  }
  for (uint32_t node = 0; node < count; node++) {
    const vector none = splat(inverses[node]), some = splat(inverses[padded + node]);
    EACH {
      const vector inverse = choose(was[part], some, none);
      const vector own = ratio[node * WIDE + part] * inverse;
      ratio[node * WIDE + part] = own;
      gain[node * WIDE + part] = (difference[part] - before[part] * own) * inverse;
    }
  }
}

/// Adds what is `below` an edge to its player and to what is below its parent; `below` is then what
/// the player gains of it, if that is asked for.
INLINE void close_edge(
    const cshapley_forest *forest, const cshapley_edge *edge, const vector *product,
    const vector *ratio, const vector *gain, vector *sum, vector *below, uint32_t count,
    vector *sums, int keeps_change) {
  vector *to = sums + (size_t)edge->player * forest->stride * WIDE;
  if (edge->kind & CSHAPLEY_REPEATED) {
    for (uint32_t node = 0; node < count * WIDE; node++) {
      const vector change = gain[node] * (product[node] * below[node]);
      const vector more = ratio[node] * below[node];
      to[node] += change;
      sum[node] = edge->kind & CSHAPLEY_FIRST ? more : sum[node] + more;
      if (keeps_change) below[node] = change;
    }
    return;
  }
  for (uint32_t node = 0; node < count; node++) EACH {
    const uint32_t at = node * WIDE + part;
    const vector change = gain[part] * (product[at] * below[at]);
    const vector more = ratio[at] * below[at];
    to[at] += change;
    sum[at] = edge->kind & CSHAPLEY_FIRST ? more : sum[at] + more;
    if (keeps_change) below[at] = change;
  }
}

/// Adds what an edge's player changes together with each player above it.
INLINE void pair_edge(
    const cshapley_forest *forest, const cshapley_edge *const *way, uint32_t depth,
    const vector *changes, uint32_t count, vector *frames, vector *pairs) {
  const uint32_t second = way[depth]->player;
  for (uint32_t above = 0; above < depth; above++) {
    const uint32_t first = way[above]->player;
    if (first == second) continue;
    const vector *change = frame_at(frames, above, count).change;
    vector *to = pairs + WIDE * (first < second ? (size_t)first * forest->player_count + second
                                                : (size_t)second * forest->player_count + first);
    EACH {
      vector sum = changes[part] * change[part];
      for (uint32_t node = 1; node < count; node++)
        sum += changes[node * WIDE + part] * change[node * WIDE + part];
      to[part] += sum;
    }
  }
}

/// One tree for one group of rows. `count` and `has_pairs` are constants where this is inlined.
INLINE void block_tree(
    const cshapley_forest *forest, const cshapley_tree *tree, const uint64_t *fits, uint32_t shift,
    uint32_t count, int has_pairs, vector *frames, const cshapley_edge **way, vector *sums,
    vector *pairs) {
  const cshapley_edge *edges = forest->edges + tree->first_edge;
  const uint32_t padded = (tree->node_count + 3) / 4 * 4;
  const double *weights = forest->nodes + tree->first_node + 2 * padded;
  for (uint32_t node = 0; node < count; node++)
    EACH frames[node * WIDE + part] = splat(weights[node]);
  for (uint32_t place = 0; place < tree->edge_count; place++) {
    const cshapley_edge *edge = edges + place;
    uint32_t depth = edge->depth;
    frame at = frame_at(frames, depth, count);
    way[depth] = edge;
    if (!(edge->kind & CSHAPLEY_ENDING)) {
      enter_edge(forest, tree, edge, fits, place, shift, count, at.ratio, at.gain);
      vector *next = frame_at(frames, depth + 1, count).product;
      for (uint32_t node = 0; node < count * WIDE; node++)
        next[node] = at.product[node] * at.ratio[node];
      if (has_pairs) {
        for (uint32_t node = 0; node < count; node++) EACH {
          const vector ratio = at.ratio[node * WIDE + part];
          const vector gain = at.gain[(edge->kind & CSHAPLEY_REPEATED ? node : 0) * WIDE + part];
          at.change[node * WIDE + part] = choose(ratio == 0, splat(0), gain / ratio);
        }
      }
      continue;
    }
    // The ending itself, and then the edges that end with it.
    vector below[count * WIDE], ratio[count * WIDE], gain[count * WIDE];
    enter_edge(forest, tree, edge, fits, place, shift, count, ratio, gain);
    for (uint32_t node = 0; node < count * WIDE; node++) below[node] = splat(edge->value);
    close_edge(
        forest, edge, at.product, ratio, gain, at.sum, below, count, sums, has_pairs);
    if (has_pairs) pair_edge(forest, way, depth, below, count, frames, pairs);
    for (uint32_t left = edge->closes; left > 0; left--) {
      for (uint32_t node = 0; node < count * WIDE; node++) below[node] = at.sum[node];
      depth--;
      at = frame_at(frames, depth, count);
      close_edge(
          forest, way[depth], at.product, at.ratio, at.gain, at.sum, below, count, sums, has_pairs);
      if (has_pairs) pair_edge(forest, way, depth, below, count, frames, pairs);
    }
  }
}

INLINE void block_trees(
    const cshapley_forest *forest, const uint64_t *is_true, const uint64_t *is_unknown,
    uint64_t *fits, double *scratch, double *sums, double *pairs, double *scores, int has_pairs) {
  uint64_t *reach = (uint64_t *)scratch;
  const cshapley_edge **way = (const cshapley_edge **)(reach + forest->depth + 2);
  vector *frames = (vector *)(((uintptr_t)(way + forest->depth + 2) + 63) & ~(uintptr_t)63);
  const size_t group_sums = (size_t)forest->player_count * forest->stride * WIDE;
  const size_t group_pairs = (size_t)forest->player_count * forest->player_count * WIDE;
  fit_branches(forest, is_true, is_unknown, fits);
  for (uint32_t place = 0; place < forest->tree_count; place++) {
    const cshapley_tree *tree = forest->trees + place;
    uint64_t *edge_fits = fits + forest->branch_count + tree->first_edge;
    fit_edges(forest, tree, fits, edge_fits, reach, scores);
    for (uint32_t group = 0; group < GROUPS; group++) {
      vector *to = (vector *)sums + group * group_sums;
      vector *both = has_pairs ? (vector *)pairs + group * group_pairs : NULL;
      const uint32_t shift = group * GROUP_ROWS;
#define TREE(count) \
  block_tree(forest, tree, edge_fits, shift, count, has_pairs, frames, way, to, both)
#define CASE(count) \
  case count: TREE(count); break;
      if (has_pairs) {
        TREE(tree->node_count);
        continue;
      }
      switch (tree->node_count) {
        CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
        default: TREE(tree->node_count);
      }
#undef CASE
#undef TREE
    }
  }
}

/// From vectors of a group's rows to a column of 64 rows each.
INLINE void columns_of(const vector *vectors, size_t count, size_t depth, double *columns) {
  for (uint32_t group = 0; group < GROUPS; group++)
    for (size_t place = 0; place < count; place++) EACH {
      const vector *from = vectors + (group * count + place) * depth * WIDE + part;
      vector sum = from[0];
      for (size_t node = 1; node < depth; node++) sum += from[node * WIDE];
      *(loose *)(columns + place * CSHAPLEY_ROWS + group * GROUP_ROWS + part * LANES) = sum;
    }
}

static void block(
    const cshapley_forest *forest, const uint64_t *is_true, const uint64_t *is_unknown,
    uint64_t *fits, double *scratch, double *sums, double *pairs, double *values,
    double *pair_values, double *scores) {
  const size_t players = forest->player_count;
  memset(sums, 0, players * forest->stride * CSHAPLEY_ROWS * sizeof(double));
  memset(scores, 0, CSHAPLEY_ROWS * sizeof(double));
  if (pairs) {
    memset(pairs, 0, players * players * CSHAPLEY_ROWS * sizeof(double));
    block_trees(forest, is_true, is_unknown, fits, scratch, sums, pairs, scores, 1);
    columns_of((const vector *)pairs, players * players, 1, pair_values);
  } else {
    block_trees(forest, is_true, is_unknown, fits, scratch, sums, NULL, scores, 0);
  }
  columns_of((const vector *)sums, players, forest->stride, values);
}

// MARK: Single rows

#if BYTES == 16
enum { NODES = 2 };
typedef vector narrow;
#else
enum { NODES = 4 };
typedef double narrow __attribute__((vector_size(32)));
#endif
typedef double loose_nodes __attribute__((vector_size(NODES * 8), aligned(8), may_alias));

INLINE narrow nodes_at(const double *from) { return *(const loose_nodes *)from; }

/// One tree; `count` is the number of vectors of nodes.
INLINE void single_tree(
    const cshapley_forest *forest, const cshapley_tree *tree, const uint8_t *branches,
    uint8_t *fits, uint32_t count, narrow *frames, const cshapley_edge **way, uint8_t *reach,
    double *sums, double *score) {
  const cshapley_edge *edges = forest->edges + tree->first_edge;
  const uint32_t padded = (tree->node_count + 3) / 4 * 4, stride = forest->stride;
  const double *present = forest->nodes + tree->first_node, *absent = present + padded;
  const double *weights = absent + padded;
  const double fitting[2] = {0, 1};
  for (uint32_t node = 0; node < count; node++) frames[node] = nodes_at(weights + node * NODES);
  reach[0] = 1;
  for (uint32_t place = 0; place < tree->edge_count; place++) {
    const cshapley_edge *edge = edges + place;
    const uint32_t depth = edge->depth;
    narrow *at = frames + (size_t)depth * 4 * count;
    uint8_t fit = branches[edge->branch];
    const uint8_t reached = reach[depth] & fit;
    way[depth] = edge;
    reach[depth + 1] = reached;
    const int is_repeated = (edge->kind & CSHAPLEY_REPEATED) != 0;
    const uint8_t was = is_repeated ? fits[edge->earlier] : 1;
    fit &= was;
    fits[place] = fit;
    const double difference = fitting[fit] - edge->share;
    for (uint32_t node = 0; node < count; node++) {
      at[count + node] = nodes_at(absent + node * NODES) * edge->share +
                         nodes_at(present + node * NODES) * fitting[fit];
      at[2 * count + node] = difference - (narrow){0};
    }
    if (is_repeated) {
      const double *inverses = forest->inverses + edge->inverses + (size_t)was * padded;
      const double before = fitting[was] - edges[edge->earlier].share;
      for (uint32_t node = 0; node < count; node++) {
        const narrow inverse = nodes_at(inverses + node * NODES);
        const narrow own = at[count + node] * inverse;
        at[count + node] = own;
        at[2 * count + node] = (difference - before * own) * inverse;
      }
    }
    if (!(edge->kind & CSHAPLEY_ENDING)) {
      for (uint32_t node = 0; node < count; node++)
        at[4 * count + node] = at[node] * at[count + node];
      continue;
    }
    if (reached) *score += edge->value;
    for (uint32_t node = 0; node < count; node++) {
      narrow below = edge->value - (narrow){0};
      narrow *level = at + node;
      for (uint32_t above = 0; above <= edge->closes; above++, level -= 4 * count) {
        const cshapley_edge *closed = way[depth - above];
        double *to = sums + (size_t)closed->player * stride + node * NODES;
        *(loose_nodes *)to += level[2 * count] * (level[0] * below);
        const narrow sum = level[count] * below;
        below = closed->kind & CSHAPLEY_FIRST ? sum : level[3 * count] + sum;
        level[3 * count] = below;
      }
    }
  }
}

static void single(
    const cshapley_forest *forest, const uint8_t *answers, uint8_t *fits, double *scratch,
    double *sums, double *values, double *score) {
  const cshapley_edge **way = (const cshapley_edge **)scratch;
  uint8_t *reach = (uint8_t *)(way + forest->depth + 2);
  narrow *frames = (narrow *)(((uintptr_t)(reach + forest->depth + 2) + 63) & ~(uintptr_t)63);
  memset(sums, 0, (size_t)forest->player_count * forest->stride * sizeof(double));
  *score = 0;
  for (uint32_t place = 0; place < forest->branch_count; place++) {
    const cshapley_branch branch = forest->branches[place];
    const cshapley_answer *answer = forest->answers + branch.first_answer;
    uint8_t fit = 0, all = 1;
    for (uint32_t left = branch.answer_count; left > 0; left--, answer++) {
      all &= (answers[answer->test] & answer->allowed) != 0;
      if (!answer->is_last) continue;
      fit |= all;
      all = 1;
    }
    fits[place] = fit;
  }
  for (uint32_t place = 0; place < forest->tree_count; place++) {
    const cshapley_tree *tree = forest->trees + place;
    const uint32_t count = (tree->node_count + 3) / 4 * (4 / NODES);
    uint8_t *edge_fits = fits + forest->branch_count + tree->first_edge;
#define TREE(count) \
  single_tree(forest, tree, fits, edge_fits, count, frames, way, reach, sums, score)
    if (count == 4 / NODES) {
      TREE(4 / NODES);
    } else if (count == 8 / NODES) {
      TREE(8 / NODES);
    } else {
      TREE(count);
    }
#undef TREE
  }
  for (uint32_t player = 0; player < forest->player_count; player++) {
    const double *from = sums + (size_t)player * forest->stride;
    double sum = from[0];
    for (uint32_t node = 1; node < forest->stride; node++) sum += from[node];
    values[player] = sum;
  }
}

// MARK: Products

enum { MOST_PARTS = 4 };

#define EACH_PART for (uint32_t part = 0; part < parts; part++)

/// Some nodes of a rule: `parts` vectors of them, from `rule` on. The product before a player is kept on
/// the way down, and that after it is made on the way up: nothing is divided.
INLINE void product_nodes(
    const double *present, const double *absent, const double *places, uint32_t count,
    const double *rule, uint32_t size, uint32_t parts, double scale, vector *kept, double *sums) {
  vector with[MOST_PARTS], without[MOST_PARTS], product[MOST_PARTS], after[MOST_PARTS];
  EACH_PART {
    with[part] = *(const loose *)(rule + part * LANES);
    without[part] = *(const loose *)(rule + size + part * LANES);
    product[part] = *(const loose *)(rule + 2 * size + part * LANES) * scale;
    after[part] = splat(1);
  }
  vector *at = kept;
  for (uint32_t player = 0; player < count; player++, at += 2 * parts) {
    const vector own = splat(present[player]), other = splat(absent[player]);
    EACH_PART {
      const vector factor = with[part] * own + without[part] * other;
      at[part] = product[part];
      at[parts + part] = factor;
      product[part] *= factor;
    }
  }
  for (uint32_t player = count; player-- > 0;) {
    at -= 2 * parts;
    const vector gain = splat(present[player] - absent[player]);
    loose *to = (loose *)(sums + (size_t)places[player]);
    EACH_PART {
      to[part] += gain * (at[part] * after[part]);
      after[part] *= at[parts + part];
    }
  }
}

static void products(
    const cshapley_rules *rules, const double *present, const double *absent, uint32_t row_count,
    double scale, double least, double *scratch, double *sums) {
  const size_t players = rules->player_count, room = (players + 7) / 8 * 8;
  double *own = scratch, *other = own + room, *places = other + room;
  vector *kept = (vector *)(places + room);
  for (uint32_t row = 0; row < row_count; row++, absent += players) {
    uint32_t count = 0;
    double product = scale, most = scale < 0 ? -scale : scale;
    for (size_t player = 0; player < players; player++) {
      const double with = present[player], without = absent[player];
      const double size = with < 0 ? -with : with, other_size = without < 0 ? -without : without;
      most *= size < other_size ? other_size : size;
      if (with == without) {
        product *= with;
        continue;
      }
      own[count] = with;
      other[count] = without;
      places[count] = (double)(player * rules->stride);
      count++;
    }
    if (count == 0 || most < least) continue;
    const uint32_t size = rules->sizes[(count - 1) / 16];
    const double *rule = rules->nodes + rules->starts[(count - 1) / 16];
    for (uint32_t node = 0; node < size;) {
      const uint32_t left = (size - node) / LANES, parts = left < MOST_PARTS ? left : MOST_PARTS;
#define CASE(parts)                                                                     \
  case parts:                                                                           \
    product_nodes(                                                                      \
        own, other, places, count, rule + node, size, parts, product, kept, sums + node); \
    break;
      switch (parts) { CASE(1) CASE(2) CASE(3) CASE(4) }
#undef CASE
      node += parts * LANES;
    }
  }
}

static inline cshapley_kernel kernel_named(const char *name) {
  return (cshapley_kernel){name, ask_rows, block, single, products};
}
