// What the files of this target share.

#ifndef KERNELS_H
#define KERNELS_H

#include "CShapleyKernels.h"

int cshapley_avx512(cshapley_kernel *kernel);
int cshapley_avx2(cshapley_kernel *kernel);
void cshapley_portable(cshapley_kernel *kernel);

#endif
