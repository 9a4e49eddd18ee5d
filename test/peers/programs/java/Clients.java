import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes clients with the settings that the flow wants; whatever it does not name is the client's own default. */
final class Clients {
    private final String bootstrap;
    private final Properties groupSettings;

    Clients(String bootstrap, Properties groupSettings) {
        this.bootstrap = bootstrap;
        this.groupSettings = groupSettings;
    }

    private Properties common() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("reconnect.backoff.max.ms", "500");
        return settings;
    }

    Admin admin() {
        return Admin.create(common());
    }

    KafkaProducer<String, String> producer(String... pairs) {
        Properties settings = common();
        settings.put("acks", "all");
        settings.put("linger.ms", "2");
        for (int index = 0; index < pairs.length; index += 2) settings.put(pairs[index], pairs[index + 1]);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** A consumer that belongs to `group`. */
    KafkaConsumer<String, String> member(String group) {
        Properties settings = common();
        settings.put("group.id", group);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        settings.putAll(groupSettings);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** A consumer without a group. */
    KafkaConsumer<String, String> reader(String isolation) {
        Properties settings = common();
        settings.put("isolation.level", isolation);
        settings.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
