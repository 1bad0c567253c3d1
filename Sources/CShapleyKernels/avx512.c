// Eight rows, or eight nodes, a vector.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)
#define BYTES 64
#define WIDE 2
#include "body.h"
#pragma clang attribute pop

int cshapley_avx512(cshapley_kernel *kernel) {
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw"))
    return 0;
  *kernel = kernel_named("avx512");
  return 1;
}

#else

int cshapley_avx512(cshapley_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
