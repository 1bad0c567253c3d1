#include "kernels.h"

cshapley_kernel cshapley_kernel_at(int index) {
  cshapley_kernel kernel = {0};
  cshapley_kernel found = kernel;
  if (cshapley_avx512(&found) && index-- == 0) return found;
  if (cshapley_avx2(&found) && index-- == 0) return found;
  cshapley_portable(&found);
  return index == 0 ? found : kernel;
}

// Frames have five numbers for each node of up to 16 rows, and there is one more than edges on a way;
// then two words for each depth, and room to align.
uint64_t cshapley_scratch(const cshapley_forest *forest) {
  return ((uint64_t)forest->depth + 2) * (forest->stride * 5 * 16 + 2) + 16;
}

// Two factors and a number for each player in whole eights, then two numbers for each node of up to four
// vectors of eight.
uint64_t cshapley_products_scratch(uint32_t player_count) {
  return ((uint64_t)player_count + 7) / 8 * 8 * 3 + (uint64_t)player_count * 2 * 4 * 8;
}
