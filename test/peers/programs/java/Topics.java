import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What the flow asks of the admin client. */
final class Topics {
    private static final int LIMIT_S = 30;

    private Topics() {}

    static void create(Clients clients, String topic, int partitions, short replicationFactor) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, replicationFactor))).all().get(LIMIT_S, TimeUnit.SECONDS);
        }
    }

    static String describe(Clients clients, String topic) throws Exception {
        try (Admin admin = clients.admin()) {
            TopicDescription found = admin.describeTopics(List.of(topic)).allTopicNames().get(LIMIT_S, TimeUnit.SECONDS).get(topic);
            return found.partitions().size() + " " + found.partitions().get(0).replicas().size();
        }
    }

    static String names(Clients clients) throws Exception {
        try (Admin admin = clients.admin()) {
            String names = String.join(",", admin.listTopics().names().get(LIMIT_S, TimeUnit.SECONDS));
            return names.isEmpty() ? "-" : names;
        }
    }

    static void delete(Clients clients, String topic) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.deleteTopics(List.of(topic)).all().get(LIMIT_S, TimeUnit.SECONDS);
        }
    }

    static long committed(Clients clients, String group, String topic) throws Exception {
        try (Admin admin = clients.admin()) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get(LIMIT_S, TimeUnit.SECONDS)
                .entrySet().stream().filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                .map(entry -> entry.getValue()).mapToLong(OffsetAndMetadata::offset).sum();
        }
    }
}
