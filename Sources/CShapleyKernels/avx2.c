// Four rows, or four nodes, a vector.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx2"))), apply_to = function)
#define BYTES 32
#define WIDE 4
#include "body.h"
#pragma clang attribute pop

int cshapley_avx2(cshapley_kernel *kernel) {
  if (!__builtin_cpu_supports("avx2")) return 0;
  *kernel = kernel_named("avx2");
  return 1;
}

#else

int cshapley_avx2(cshapley_kernel *kernel) {
  (void)kernel;
  return 0;
}

#endif
