#ifndef RATIONALE_CLIBXML2_SHIM_H
#define RATIONALE_CLIBXML2_SHIM_H

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

// What Swift cannot import: a cast macro in a constant, and the fields behind macros.
static inline unsigned int rationale_sax2_magic(void) { return XML_SAX2_MAGIC; }

static inline int rationale_line(xmlParserCtxtPtr context) {
  return context->input != NULL ? context->input->line : 0;
}

static inline int rationale_column(xmlParserCtxtPtr context) {
  return context->input != NULL ? context->input->col : 0;
}

#endif
