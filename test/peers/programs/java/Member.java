import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/** One consumer of the group: reads, remembers, commits what it read. */
final class Member extends Thread {
    final List<Integer> received = Collections.synchronizedList(new ArrayList<>());
    private final Clients clients;
    private final String group;
    private final String topic;
    private volatile boolean stopping;

    Member(Clients clients, String group, String topic) {
        this.clients = clients;
        this.group = group;
        this.topic = topic;
    }

    void end() throws InterruptedException {
        stopping = true;
        join();
    }

    @Override
    public void run() {
        try (KafkaConsumer<String, String> consumer = clients.member(group)) {
            consumer.subscribe(List.of(topic));
            while (!stopping) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                records.forEach(record -> received.add(Numbers.of(record.value())));
                if (!records.isEmpty()) commit(consumer);
            }
        }
    }

    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync();
        } catch (KafkaException error) {
            System.err.println("commit: " + error);
        }
    }
}
