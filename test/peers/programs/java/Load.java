import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Sends numbers from 0 on, one every two milliseconds, until it is stopped; keeps who was acknowledged and who failed. */
final class Load extends Thread {
    private static final int MOST_OUTSTANDING = 2000;
    final List<Integer> acknowledged = Collections.synchronizedList(new ArrayList<>());
    final List<Integer> failed = Collections.synchronizedList(new ArrayList<>());
    private final Clients clients;
    private final String topic;
    private volatile boolean stopping;

    Load(Clients clients, String topic) {
        this.clients = clients;
        this.topic = topic;
    }

    void end() throws InterruptedException {
        stopping = true;
        join();
    }

    private void settle(int number, Exception error) {
        (error == null ? acknowledged : failed).add(number);
        if (error != null) System.err.println("load: " + number + ": " + error);
    }

    @Override
    public void run() {
        try (KafkaProducer<String, String> producer = clients.producer("delivery.timeout.ms", "60000")) {
            for (int sent = 0; !stopping; ) {
                if (sent - acknowledged.size() - failed.size() < MOST_OUTSTANDING) {
                    int number = sent++;
                    producer.send(Records.record(topic, number), (metadata, error) -> settle(number, error));
                }
                Thread.sleep(2);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
