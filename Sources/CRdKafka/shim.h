#ifndef RATIONALE_CRDKAFKA_SHIM_H
#define RATIONALE_CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>

// Macros that Swift cannot import.
static inline int32_t rationale_partition_unassigned(void) { return RD_KAFKA_PARTITION_UA; }
static inline int64_t rationale_offset_beginning(void) { return RD_KAFKA_OFFSET_BEGINNING; }
static inline int rationale_message_copy(void) { return RD_KAFKA_MSG_F_COPY; }

#endif
