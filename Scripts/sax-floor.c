// The least that reading a document by libxml2's SAX interface costs: every event, nothing done.
//   cc -O2 Scripts/sax-floor.c $(xml2-config --cflags --libs) -o sax-floor && ./sax-floor FILE...
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static long count;

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                  int namespaces, const xmlChar **list, int attributes, int defaulted,
                  const xmlChar **values) {
  (void)context, (void)name, (void)prefix, (void)uri, (void)namespaces, (void)list;
  (void)defaulted, (void)values;
  count += 1 + attributes;
}

static void text(void *context, const xmlChar *bytes, int length) {
  (void)context, (void)bytes;
  count += length > 0;
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  static char piece[1 << 16];
  for (int place = 1; place < argc; place++) {
    double best = 1e300;
    // As many as Scripts/load.sh asks of ours.
    struct stat record;
    int rounds = !stat(argv[place], &record) && record.st_size < 100000 ? 200 : 5;
    for (int round = 0; round < rounds; round++) {
      xmlSAXHandler handler;
      memset(&handler, 0, sizeof handler);
      handler.initialized = XML_SAX2_MAGIC;
      handler.startElementNs = start;
      handler.characters = text;
      double begin = milliseconds();
      FILE *file = fopen(argv[place], "rb");
      if (!file) return perror(argv[place]), 1;
      xmlParserCtxtPtr context = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
      size_t length;
      while ((length = fread(piece, 1, sizeof piece, file)) > 0) {
        if (xmlParseChunk(context, piece, (int)length, 0)) return 1;
      }
      if (xmlParseChunk(context, piece, 0, 1)) return 1;
      xmlFreeParserCtxt(context);
      fclose(file);
      double spent = milliseconds() - begin;
      if (spent < best) best = spent;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%s %.3f %ld\n", argv[place], best, usage.ru_maxrss);
  }
  return count == 0;
}
