// Two rows a vector, which every 64-bit processor has.

#include "kernels.h"

#define BYTES 16
#define CHUNK 2
#include "body.h"

void cdense_portable(cdense_kernel *kernel) { *kernel = kernel_named("portable"); }

double cdense_exp(double value) { return exponential(splat(value))[0]; }
double cdense_logistic(double value) { return logistic(splat(value))[0]; }
double cdense_tanh(double value) { return hyperbolic_tangent(splat(value))[0]; }
