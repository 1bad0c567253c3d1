// Exponentials and what is made of them, for the vectors of body.h, which includes this.

#ifndef ALL
#define ALL all_of
/// Whether all bits of all lanes are set.
INLINE int all_of(whole lanes) {
  int64_t all = lanes[0];
  for (int lane = 1; lane < LANES; lane++) all &= lanes[lane];
  return all != 0;
}
#endif

#define FORM vector
#define REST_OF rest_of
#include "rest.h"
#undef FORM
#undef REST_OF

/// 2^n, as a product of two powers of two, and the rest of e^value = 2^n * (1 + rest).
INLINE vector reduced(vector value, vector *first, vector *second) {
  const double magic = 0x1.8p52;
  vector n = (value * 0x1.71547652b82fep+0 + magic) - magic;
  // One power of two would not reach the least numbers.
  vector half = (n * 0.5 + magic) - magic;
  *first = (vector)((whole)(half + (magic + 1023)) << 52);
  *second = (vector)((whole)((n - half) + (magic + 1023)) << 52);
  return rest_of(value, n);
}

INLINE vector exponential(vector value) {
  vector first, second;
  vector limited = choose(value < -750.0, splat(-750), choose(value > 710.0, splat(710), value));
  vector rest = reduced(limited, &first, &second);
#ifdef SCALED
  // By the power of two at once: both round where the result has fewer bits, and nowhere else.
  return SCALED(1 + rest, (limited * 0x1.71547652b82fep+0 + 0x1.8p52) - 0x1.8p52);
#else
  return (1 + rest) * first * second;
#endif
}

INLINE vector logistic(vector value) { return 1 / (1 + exponential(-value)); }

/// By e^x - 1 of x = -2 |value|, which keeps all digits near nought.
INLINE vector hyperbolic_tangent(vector value) {
  whole signs = (whole)splat(-0.0);
  whole sign = (whole)value & signs;
  vector x = (vector)((whole)value ^ sign) * -2;
  vector first, second;
  vector rest = reduced(choose(x < -750.0, splat(-750), x), &first, &second);
  vector power = first * second;
  vector less = power * rest + (power - 1);
  return (vector)(((whole)(less / (less + 2)) & ~signs) | sign);
}

INLINE vector mapped(uint32_t function, vector value) {
  switch (function) {
    case CDENSE_EXP: return exponential(value);
    case CDENSE_LOGISTIC: return logistic(value);
    case CDENSE_TANH: return hyperbolic_tangent(value);
    default: return choose(value >= 0.0, value, splat(0));
  }
}

#ifndef SCALED
// Two vectors as one, whose operations do not wait for each other. Functions of them are put in where
// they are called, so that it does not matter how they would be handed over.
#pragma clang diagnostic ignored "-Wpsabi"
typedef double pair __attribute__((vector_size(2 * BYTES)));
typedef int64_t pair_whole __attribute__((vector_size(2 * BYTES)));
typedef double loose_pair __attribute__((vector_size(2 * BYTES), aligned(8), may_alias));

#define FORM pair
#define REST_OF rest_of_pair
#include "rest.h"
#undef FORM
#undef REST_OF

typedef union {
  pair both;
  vector halves[2];
} halved;

INLINE whole is_within(vector value, double limit) {
  return (vector)((whole)value & ~(whole)splat(-0.0)) < limit;
}

/// Exponentials of pairs as far as they are plain: with nothing to be limited, and one power of two, which
/// gives the bits that two give.
INLINE uint32_t map_plain(double factor, double *values, uint32_t count) {
  const double magic = 0x1.8p52;
  uint32_t place = 0;
  for (; place + 2 * LANES <= count; place += 2 * LANES) {
    pair value = factor * *(const loose_pair *)(values + place);
    halved parts = {value};
    // Where e^value is a normal number in every lane, with room to spare.
    if (!ALL(is_within(parts.halves[0], 708) & is_within(parts.halves[1], 708))) return place;
    pair power = value * 0x1.71547652b82fep+0 + magic;
    pair result = 1 + rest_of_pair(value, power - magic);
    *(loose_pair *)(values + place) = (pair)((pair_whole)result + ((pair_whole)power << 52));
  }
  return place;
}
#else
INLINE uint32_t map_plain(double factor, double *values, uint32_t count) {
  (void)factor, (void)values, (void)count;
  return 0;
}
#endif

INLINE void map_all(uint32_t function, double factor, double *values, uint32_t count) {
  uint32_t place = function == CDENSE_EXP ? map_plain(factor, values, count) : 0;
  for (; place + LANES <= count; place += LANES)
    store(values + place, mapped(function, factor * load(values + place)));
  if (place == count) return;
  double rest[LANES] = {0};
  memcpy(rest, values + place, (count - place) * sizeof(double));
  store(rest, mapped(function, factor * load(rest)));
  memcpy(values + place, rest, (count - place) * sizeof(double));
}

static void map(uint32_t function, double factor, double *values, uint32_t count) {
  switch (function) {
    case CDENSE_EXP: return map_all(CDENSE_EXP, factor, values, count);
    case CDENSE_LOGISTIC: return map_all(CDENSE_LOGISTIC, factor, values, count);
    case CDENSE_TANH: return map_all(CDENSE_TANH, factor, values, count);
    default: return map_all(CDENSE_RECTIFIER, factor, values, count);
  }
}
