// What the files of this target share.

#ifndef KERNELS_H
#define KERNELS_H

#include "CDenseKernels.h"

int cdense_avx512(cdense_kernel *kernel);
int cdense_avx2(cdense_kernel *kernel);
void cdense_portable(cdense_kernel *kernel);

#endif
