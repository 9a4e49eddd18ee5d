"""kafka-python as a client of the flow: python kafka_python_peer.py BOOTSTRAP"""

import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError

from line_peer import key_of, number_of, read_to_end, serve, value_of

BOOTSTRAP = sys.argv[1].split(",")
COMMON = {"bootstrap_servers": BOOTSTRAP, "reconnect_backoff_max_ms": 500}
MEMBER = {"auto_offset_reset": "earliest", "enable_auto_commit": False, "isolation_level": "read_committed"}
POLL_MS = 100
LIMIT_S = 60


def pairs(polled):
    return [(partition.partition, record.value) for partition, records in polled.items() for record in records]


class Sender:
    def __init__(self, topic, settle):
        self.producer = KafkaProducer(**COMMON, enable_idempotence=True, linger_ms=2, delivery_timeout_ms=60000)
        self.topic, self.settle = topic, settle

    def send(self, number):
        future = self.producer.send(self.topic, value_of(number), key_of(number))
        future.add_callback(lambda _metadata: self.settle(number, None))
        future.add_errback(lambda error: self.settle(number, error))

    def wait(self, seconds):
        time.sleep(seconds)

    def close(self):
        self.producer.close(LIMIT_S)


class GroupMember:
    def __init__(self, group, topic, name):
        self.consumer = KafkaConsumer(topic, **COMMON, **MEMBER, group_id=group, client_id=f"{group}-{name}")

    def step(self):
        values = [value for _, value in pairs(self.consumer.poll(POLL_MS))]
        if values:
            try:
                self.consumer.commit()
            except KafkaError as error:
                print(f"commit: {error!r}", file=sys.stderr)
        return values

    def close(self):
        self.consumer.close(autocommit=False)


class Client:
    def __init__(self):
        self.admin = KafkaAdminClient(**COMMON)
        self.transactional = {}

    def create(self, topic, partitions, replication_factor):
        self.admin.create_topics([NewTopic(topic, partitions, replication_factor)])

    def describe(self, topic):
        found = self.admin.describe_topics([topic])[0]
        if found["error_code"]:
            raise RuntimeError(f"error code {found['error_code']}")
        partitions = found["partitions"]
        return f"{len(partitions)} {len(partitions[0].get('replica_nodes') or partitions[0]['replicas'])}"

    def topics(self):
        return ",".join(sorted(self.admin.list_topics())) or "-"

    def delete(self, topic):
        self.admin.delete_topics([topic])

    def produce(self, topic, codec, first, count):
        producer = KafkaProducer(
            **COMMON, enable_idempotence=True, compression_type=None if codec == "none" else codec, linger_ms=50)
        sent = [producer.send(topic, value_of(number), key_of(number)) for number in range(first, first + count)]
        for future in sent:
            future.get(LIMIT_S)
        producer.close()

    def make_load(self, topic, settle):
        return Sender(topic, settle)

    def make_member(self, group, topic, name):
        return GroupMember(group, topic, name)

    def committed(self, group, topic):
        consumer = KafkaConsumer(**COMMON, group_id=group, enable_auto_commit=False)
        offsets = [consumer.committed(TopicPartition(topic, index)) for index in consumer.partitions_for_topic(topic)]
        consumer.close()
        return sum(offset or 0 for offset in offsets)

    def read(self, topic, isolation, at_least):
        consumer = KafkaConsumer(**COMMON, isolation_level=isolation, enable_auto_commit=False)
        partitions = [TopicPartition(topic, index) for index in consumer.partitions_for_topic(topic)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        try:
            return read_to_end(lambda: pairs(consumer.poll(POLL_MS)), at_least)
        finally:
            consumer.close()

    def transaction(self, transactional_id):
        if transactional_id not in self.transactional:
            producer = KafkaProducer(**COMMON, transactional_id=transactional_id)
            producer.init_transactions()
            self.transactional[transactional_id] = producer
        return self.transactional[transactional_id]

    def transact(self, topic, transactional_id, first, count, outcome):
        producer = self.transaction(transactional_id)
        producer.begin_transaction()
        for number in range(first, first + count):
            producer.send(topic, value_of(number), key_of(number))
        producer.flush(LIMIT_S)
        producer.commit_transaction() if outcome == "commit" else producer.abort_transaction()

    def relay(self, source, target, group, transactional_id, count):
        consumer = KafkaConsumer(source, **COMMON, **MEMBER, group_id=group)
        producer = self.transaction(transactional_id)
        relayed = 0
        limit_s = time.monotonic() + LIMIT_S
        while relayed < count and time.monotonic() < limit_s:
            polled = consumer.poll(POLL_MS)
            if not polled:
                continue
            producer.begin_transaction()
            for _, value in pairs(polled):
                producer.send(target, value, key_of(number_of(value)))
            offsets = {partition: OffsetAndMetadata(records[-1].offset + 1, "", -1) for partition, records in polled.items()}
            producer.send_offsets_to_transaction(offsets, consumer.group_metadata())
            producer.commit_transaction()
            relayed += len(pairs(polled))
        consumer.close(autocommit=False)
        return relayed


serve(Client())
