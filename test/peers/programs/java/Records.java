import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Producing a row of numbers, and reading all that is there. */
final class Records {
    private static final long QUIET_MS = 500;
    private static final long SILENCE_MS = 8000;

    private Records() {}

    static ProducerRecord<String, String> record(String topic, int number) {
        return new ProducerRecord<>(topic, Numbers.key(number), Numbers.value(number));
    }

    static void produce(Clients clients, String topic, String codec, int first, int count) throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer("compression.type", codec, "linger.ms", "50")) {
            List<Future<?>> sent = new ArrayList<>();
            for (int number = first; number < first + count; number++) sent.add(producer.send(record(topic, number)));
            producer.flush();
            for (Future<?> one : sent) one.get();
        }
    }

    static String read(Clients clients, String topic, String isolation, int atLeast) throws Exception {
        Map<Integer, List<Integer>> found = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = clients.reader(isolation)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition())).collect(Collectors.toList());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int count = 0;
            for (long lastMs = System.currentTimeMillis();
                System.currentTimeMillis() - lastMs < (count >= atLeast ? QUIET_MS : SILENCE_MS); ) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    found.computeIfAbsent(record.partition(), partition -> new ArrayList<>()).add(Numbers.of(record.value()));
                    count++;
                    lastMs = System.currentTimeMillis();
                }
            }
        }
        if (found.isEmpty()) return "-";
        return found.entrySet().stream().map(entry -> entry.getKey() + ":" + Numbers.listed(entry.getValue()))
            .collect(Collectors.joining(";"));
    }
}
