// A Kafka broker for tests: the mock cluster of librdkafka, which other processes reach over
// loopback. It keeps 5 MiB a partition, compacts nothing, and forgets all when it ends.
//
// Usage: MockKafkaBroker BROKERS TOPIC:PARTITIONS... ; prints `BOOTSTRAP host:port,...`, then takes
// commands on standard input, one a line: `down B`, `up B`, `rtt B MILLISECONDS`,
// `errors APIKEY CODE COUNT`, `topic NAME:PARTITIONS`, `quit`. It ends with its standard input.

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 64 };

static void create_topic(rd_kafka_mock_cluster_t *cluster, char *text) {
  char *colon = strchr(text, ':');
  int partitions = 1;
  if (colon != NULL) {
    *colon = 0;
    partitions = atoi(colon + 1);
  }
  rd_kafka_resp_err_t error = rd_kafka_mock_topic_create(cluster, text, partitions, 1);
  if (error) fprintf(stderr, "topic %s: %s\n", text, rd_kafka_err2str(error));
}

static void obey(rd_kafka_mock_cluster_t *cluster, char *line) {
  int broker, value, code, count;
  char name[256];
  if (sscanf(line, "down %d", &broker) == 1) {
    rd_kafka_mock_broker_set_down(cluster, broker);
  } else if (sscanf(line, "up %d", &broker) == 1) {
    rd_kafka_mock_broker_set_up(cluster, broker);
  } else if (sscanf(line, "rtt %d %d", &broker, &value) == 2) {
    rd_kafka_mock_broker_set_rtt(cluster, broker, value);
  } else if (sscanf(line, "topic %255s", name) == 1) {
    create_topic(cluster, name);
  } else if (sscanf(line, "errors %d %d %d", &value, &code, &count) == 3) {
    rd_kafka_resp_err_t errors[MOST_ERRORS];
    if (count > MOST_ERRORS) count = MOST_ERRORS;
    for (int i = 0; i < count; i++) errors[i] = (rd_kafka_resp_err_t)code;
    rd_kafka_mock_push_request_errors_array(cluster, (int16_t)value, (size_t)count, errors);
  }
}

int main(int count, char **words) {
  char reason[512];
  setvbuf(stdout, NULL, _IOLBF, 0);
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  // The client is there for its cluster only, and has no broker to connect to.
  rd_kafka_conf_set(settings, "log_level", "3", reason, sizeof reason);
  rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, reason, sizeof reason);
  if (client == NULL) {
    fprintf(stderr, "%s\n", reason);
    return 1;
  }
  rd_kafka_mock_cluster_t *cluster =
      rd_kafka_mock_cluster_new(client, count > 1 ? atoi(words[1]) : 1);
  if (cluster == NULL) return 1;
  for (int i = 2; i < count; i++) create_topic(cluster, words[i]);
  printf("BOOTSTRAP %s\n", rd_kafka_mock_cluster_bootstraps(cluster));
  char line[512];
  while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "quit", 4) != 0) {
    obey(cluster, line);
    printf("ok %s", line);
  }
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(client);
  return 0;
}
