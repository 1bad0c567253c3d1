// Two rows, or two nodes, a vector, which every 64-bit processor has.

#include "kernels.h"

#define BYTES 16
#define WIDE 4
#include "body.h"

void cshapley_portable(cshapley_kernel *kernel) { *kernel = kernel_named("portable"); }
