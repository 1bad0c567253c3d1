// Four rows a vector.

#include "kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define BYTES 32
// Eight sums in sixteen registers: four outputs of eight rows.
#define CHUNK 2
#define ALL(lanes) (_mm256_movemask_pd((__m256d)(lanes)) == 15)
#include "body.h"
#pragma clang attribute pop

int cdense_avx2(cdense_kernel *kernel) {
  if (!__builtin_cpu_supports("avx2")) return 0;
  *kernel = kernel_named("avx2");
  return 1;
}

#else

int cdense_avx2(cdense_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
