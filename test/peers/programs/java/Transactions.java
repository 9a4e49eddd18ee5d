import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** A transactional producer: rows of numbers that are committed or aborted, and a relay from topic to topic, exactly once. */
final class Transactions {
    private static final long LIMIT_MS = 60_000;
    private final Clients clients;
    private final KafkaProducer<String, String> producer;

    Transactions(Clients clients, String transactionalId) {
        this.clients = clients;
        producer = clients.producer("transactional.id", transactionalId);
        producer.initTransactions();
    }

    void transact(String topic, int first, int count, boolean commit) {
        producer.beginTransaction();
        for (int number = first; number < first + count; number++) producer.send(Records.record(topic, number));
        producer.flush();
        if (commit) producer.commitTransaction();
        else producer.abortTransaction();
    }

    int relay(String source, String target, String group, int count) {
        int relayed = 0;
        try (KafkaConsumer<String, String> consumer = clients.member(group)) {
            consumer.subscribe(List.of(source));
            for (long limitMs = System.currentTimeMillis() + LIMIT_MS; relayed < count && System.currentTimeMillis() < limitMs; ) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                if (records.isEmpty()) continue;
                producer.beginTransaction();
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                for (ConsumerRecord<String, String> record : records) {
                    producer.send(Records.record(target, Numbers.of(record.value())));
                    offsets.put(new TopicPartition(source, record.partition()), new OffsetAndMetadata(record.offset() + 1));
                }
                producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
                producer.commitTransaction();
                relayed += records.count();
            }
        }
        return relayed;
    }
}
