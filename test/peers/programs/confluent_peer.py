"""confluent-kafka (librdkafka) as a client of the flow: python confluent_peer.py BOOTSTRAP [KEY=VALUE ...]"""

import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from line_peer import key_of, number_of, read_to_end, serve, value_of

BOOTSTRAP = sys.argv[1]
EXTRA = dict(pair.split("=", 1) for pair in sys.argv[2:])
COMMON = {"bootstrap.servers": BOOTSTRAP, "reconnect.backoff.max.ms": 500, "topic.metadata.refresh.interval.ms": 5000}
PRODUCER = {**COMMON, "enable.idempotence": True, "linger.ms": 2}
MEMBER = {"auto.offset.reset": "earliest", "enable.auto.commit": False, "isolation.level": "read_committed"}
POLL_S = 0.1
TRANSACTION_SIZE = 50


def done(futures):
    for future in futures.values():
        future.result(30)


def values_of(messages):
    for message in messages:
        if message.error() is None:
            yield message.partition(), message.value()
        elif message.error().code() != KafkaError._PARTITION_EOF:
            print(f"consumer: {message.error()}", file=sys.stderr)


class Sender:
    def __init__(self, topic, settle):
        self.producer = Producer({**PRODUCER, "delivery.timeout.ms": 60000})
        self.topic, self.settle = topic, settle

    def send(self, number):
        deliver = lambda error, _message: self.settle(number, error)
        self.producer.produce(self.topic, value_of(number), key_of(number), on_delivery=deliver)

    def wait(self, seconds):
        self.producer.poll(seconds)

    def close(self):
        self.producer.flush(60)


class GroupMember:
    def __init__(self, group, topic, name):
        self.consumer = Consumer({
            **COMMON, **EXTRA, "group.id": group, "client.id": f"{group}-{name}",
            **MEMBER,
        })
        self.consumer.subscribe([topic])

    def step(self):
        values = [value for _, value in values_of(self.consumer.consume(500, POLL_S))]
        if values:
            try:
                self.consumer.commit(asynchronous=False)
            except KafkaException as error:
                print(f"commit: {error}", file=sys.stderr)
        return values

    def close(self):
        self.consumer.close()


class Client:
    def __init__(self):
        self.admin = AdminClient(COMMON)
        self.transactional = {}

    def create(self, topic, partitions, replication_factor):
        done(self.admin.create_topics([NewTopic(topic, partitions, replication_factor)]))

    def describe(self, topic):
        found = self.admin.list_topics(topic, timeout=10).topics[topic]
        if found.error is not None:
            raise KafkaException(found.error)
        return f"{len(found.partitions)} {len(found.partitions[0].replicas)}"

    def topics(self):
        return ",".join(sorted(self.admin.list_topics(timeout=10).topics)) or "-"

    def delete(self, topic):
        done(self.admin.delete_topics([topic]))

    def produce(self, topic, codec, first, count):
        errors = []
        producer = Producer({**PRODUCER, "compression.type": codec, "linger.ms": 50})
        for number in range(first, first + count):
            producer.produce(topic, value_of(number), key_of(number), on_delivery=lambda error, _: error and errors.append(error))
        if producer.flush(60) > 0 or errors:
            raise RuntimeError(f"not delivered: {errors[:1]}")

    def make_load(self, topic, settle):
        return Sender(topic, settle)

    def make_member(self, group, topic, name):
        return GroupMember(group, topic, name)

    def committed(self, group, topic):
        consumer = Consumer({**COMMON, "group.id": group})
        partitions = [TopicPartition(topic, index) for index in consumer.list_topics(topic, 10).topics[topic].partitions]
        offsets = [partition.offset for partition in consumer.committed(partitions, 10)]
        consumer.close()
        return sum(max(0, offset) for offset in offsets)

    def read(self, topic, isolation, at_least):
        consumer = Consumer({**COMMON, "group.id": "reads-only", "enable.auto.commit": False, "isolation.level": isolation})
        indices = consumer.list_topics(topic, 10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, index, 0) for index in indices])
        try:
            return read_to_end(lambda: values_of(consumer.consume(500, POLL_S)), at_least)
        finally:
            consumer.close()

    def transaction(self, transactional_id):
        if transactional_id not in self.transactional:
            producer = Producer({**COMMON, "transactional.id": transactional_id})
            producer.init_transactions(30)
            self.transactional[transactional_id] = producer
        return self.transactional[transactional_id]

    def transact(self, topic, transactional_id, first, count, outcome):
        producer = self.transaction(transactional_id)
        producer.begin_transaction()
        for number in range(first, first + count):
            producer.produce(topic, value_of(number), key_of(number))
        producer.flush(30)
        producer.commit_transaction(30) if outcome == "commit" else producer.abort_transaction(30)

    def relay(self, source, target, group, transactional_id, count):
        consumer = Consumer({**COMMON, **EXTRA, "group.id": group, **MEMBER})
        consumer.subscribe([source])
        producer = self.transaction(transactional_id)
        relayed = 0
        limit_s = time.monotonic() + 60
        while relayed < count and time.monotonic() < limit_s:
            values = [value for _, value in values_of(consumer.consume(TRANSACTION_SIZE, POLL_S))]
            if not values:
                continue
            producer.begin_transaction()
            for value in values:
                producer.produce(target, value, key_of(number_of(value)))
            position = consumer.position(consumer.assignment())
            producer.send_offsets_to_transaction(
                [entry for entry in position if entry.offset >= 0], consumer.consumer_group_metadata(), 30)
            producer.commit_transaction(30)
            relayed += len(values)
        consumer.close()
        return relayed


serve(Client())
