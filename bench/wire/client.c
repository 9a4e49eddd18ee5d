/*
 * What `npm run bench:wire` measures brokers with: librdkafka, as an application would use it.
 *
 *   client mock BROKERS                       librdkafka's own mock cluster; prints its addresses and waits to be killed
 *   client produce SERVERS TOPIC BYTES COUNT  acks=all, linger 5 ms; prints records per second
 *   client latency SERVERS TOPIC RATE SECONDS linger 0; prints the median and the 99th percentile of produce -> consume, in µs
 *   client first SERVERS TOPIC                prints when the first record was acknowledged, in ms since 1970
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char problem[512];
static long acknowledged, failed;

static void die(const char *what) {
  fprintf(stderr, "%s: %s\n", what, problem);
  exit(1);
}

static long nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
  if (rd_kafka_conf_set(conf, name, value, problem, sizeof problem) != RD_KAFKA_CONF_OK) die(name);
}

static rd_kafka_t *open_client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  rd_kafka_t *client = rd_kafka_new(type, conf, problem, sizeof problem);
  if (client == NULL) die("rd_kafka_new");
  return client;
}

static void delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  if (message->err) failed++;
  else acknowledged++;
}

static rd_kafka_t *open_producer(const char *servers, const char *linger_ms) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", servers);
  set(conf, "acks", "all");
  set(conf, "linger.ms", linger_ms);
  set(conf, "queue.buffering.max.messages", "500000");
  set(conf, "queue.buffering.max.kbytes", "1000000");
  set(conf, "reconnect.backoff.ms", "5");
  set(conf, "reconnect.backoff.max.ms", "20");
  set(conf, "log_level", "2");
  rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  return open_client(RD_KAFKA_PRODUCER, conf);
}

static void send_one(rd_kafka_t *producer, const char *topic, int partition, const void *value, size_t size) {
  for (;;) {
    rd_kafka_resp_err_t error = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_VALUE((void *)value, size), RD_KAFKA_V_END);
    if (!error) return;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      snprintf(problem, sizeof problem, "%s", rd_kafka_err2str(error));
      die("produce");
    }
    rd_kafka_poll(producer, 10);
  }
}

static void send_many(rd_kafka_t *producer, const char *topic, size_t size, long count) {
  char *value = calloc(1, size);
  acknowledged = failed = 0;
  for (long i = 0; i < count; i++) {
    send_one(producer, topic, RD_KAFKA_PARTITION_UA, value, size);
    if ((i & 1023) == 0) rd_kafka_poll(producer, 0);
  }
  rd_kafka_flush(producer, 120000);
  free(value);
  if (acknowledged != count) {
    snprintf(problem, sizeof problem, "%ld of %ld records were acknowledged", acknowledged, count);
    die("produce");
  }
}

static void produce(const char *servers, const char *topic, size_t size, long count) {
  rd_kafka_t *producer = open_producer(servers, "5");
  send_many(producer, topic, size, count / 10 + 1);
  long from = nanoseconds(CLOCK_MONOTONIC);
  send_many(producer, topic, size, count);
  printf("%.0f\n", count * 1e9 / (nanoseconds(CLOCK_MONOTONIC) - from));
  rd_kafka_destroy(producer);
}

struct reading {
  rd_kafka_t *consumer;
  long *latencies;
  volatile long count;
  volatile int heard;
  volatile int over;
};

static void *read_on(void *opaque) {
  struct reading *reading = opaque;
  while (!reading->over) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(reading->consumer, 100);
    if (message == NULL) continue;
    if (!message->err && message->len == 16) {
      long now = nanoseconds(CLOCK_MONOTONIC), sent[2];
      memcpy(sent, message->payload, sizeof sent);
      reading->heard = 1;
      if (sent[1]) reading->latencies[reading->count++] = now - sent[0];
    }
    rd_kafka_message_destroy(message);
  }
  return NULL;
}

static int ascending(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return x < y ? -1 : x > y;
}

static void send_stamped(rd_kafka_t *producer, const char *topic, long counted) {
  long value[2] = {nanoseconds(CLOCK_MONOTONIC), counted};
  send_one(producer, topic, 0, value, sizeof value);
  rd_kafka_poll(producer, 0);
}

static void latency(const char *servers, const char *topic, long rate, long seconds) {
  rd_kafka_t *producer = open_producer(servers, "0");
  send_many(producer, topic, 1, 1);
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", servers);
  set(conf, "group.id", "wire");
  set(conf, "enable.auto.commit", "false");
  struct reading reading = {0};
  reading.latencies = calloc(rate * seconds + 1, sizeof(long));
  reading.consumer = open_client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_poll_set_consumer(reading.consumer);
  rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(partitions, topic, 0)->offset = RD_KAFKA_OFFSET_END;
  rd_kafka_assign(reading.consumer, partitions);
  pthread_t thread;
  pthread_create(&thread, NULL, read_on, &reading);
  for (int i = 0; i < 300 && (!reading.heard || i < 50); i++) {
    send_stamped(producer, topic, 0);
    usleep(20000);
  }
  long began = nanoseconds(CLOCK_MONOTONIC);
  for (long i = 0; i < rate * seconds; i++) {
    long due = began + i * 1000000000L / rate;
    long wait = due - nanoseconds(CLOCK_MONOTONIC);
    if (wait > 0) usleep(wait / 1000);
    send_stamped(producer, topic, 1);
  }
  rd_kafka_flush(producer, 10000);
  for (int i = 0; i < 100 && reading.count < rate * seconds; i++) usleep(20000);
  reading.over = 1;
  pthread_join(thread, NULL);
  if (reading.count < rate * seconds) {
    snprintf(problem, sizeof problem, "%ld of %ld records were read", reading.count, rate * seconds);
    die("latency");
  }
  qsort(reading.latencies, reading.count, sizeof(long), ascending);
  printf("%ld %ld\n", reading.latencies[reading.count / 2] / 1000, reading.latencies[reading.count * 99 / 100] / 1000);
  _exit(fflush(stdout));
}

static void mock(int brokers) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  char count[16];
  snprintf(count, sizeof count, "%d", brokers);
  set(conf, "test.mock.num.brokers", count);
  set(conf, "log_level", "2");
  rd_kafka_t *host = open_client(RD_KAFKA_PRODUCER, conf);
  printf("%s\n", rd_kafka_mock_cluster_bootstraps(rd_kafka_handle_mock_cluster(host)));
  fflush(stdout);
  pause();
}

int main(int count, char **argument) {
  if (count == 3 && !strcmp(argument[1], "mock")) mock(atoi(argument[2]));
  else if (count == 6 && !strcmp(argument[1], "produce"))
    produce(argument[2], argument[3], atol(argument[4]), atol(argument[5]));
  else if (count == 6 && !strcmp(argument[1], "latency"))
    latency(argument[2], argument[3], atol(argument[4]), atol(argument[5]));
  else if (count == 4 && !strcmp(argument[1], "first")) {
    rd_kafka_t *producer = open_producer(argument[2], "0");
    send_many(producer, argument[3], 16, 1);
    printf("%ld\n", nanoseconds(CLOCK_REALTIME) / 1000000);
    rd_kafka_destroy(producer);
  } else return 2;
  return 0;
}
