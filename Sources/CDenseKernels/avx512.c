// Eight rows a vector.

#include "kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#define BYTES 64
// Sixteen sums in 32 registers: four outputs of 32 rows.
#define CHUNK 4
#define SCALED(value, power) ((vector)_mm512_scalef_pd((__m512d)(value), (__m512d)(power)))
#include "body.h"
#pragma clang attribute pop

int cdense_avx512(cdense_kernel *kernel) {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw"))
    return 0;
  *kernel = kernel_named("avx512");
  return 1;
}

#else

int cdense_avx512(cdense_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
