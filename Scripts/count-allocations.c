// Preloaded into a program, counts its calls of malloc and its kin, and prints the count at its end.
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong calls;

void *malloc(size_t size) { calls++; return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { calls++; return __libc_calloc(count, size); }
void *realloc(void *block, size_t size) { calls++; return __libc_realloc(block, size); }
void *aligned_alloc(size_t alignment, size_t size) { calls++; return __libc_memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  calls++;
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

__attribute__((destructor)) static void report(void) {
  fprintf(stderr, "allocations %lu\n", (unsigned long)calls);
}
