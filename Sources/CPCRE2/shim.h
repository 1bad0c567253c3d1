#ifndef RATIONALE_CPCRE2_SHIM_H
#define RATIONALE_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

// What Swift cannot import: constants that are casts.
static inline size_t rationale_pcre2_unset(void) { return PCRE2_UNSET; }

#endif
