#include "kernels.h"

cdense_kernel cdense_kernel_at(int index) {
  cdense_kernel kernel = {0};
  cdense_kernel found = kernel;
  if (cdense_avx512(&found) && index-- == 0) return found;
  if (cdense_avx2(&found) && index-- == 0) return found;
  cdense_portable(&found);
  return index == 0 ? found : kernel;
}
