import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Answers the lines of the flow (see ../../line-driver.ts) with Kafka's Java client:
 * {@code java FlowPeer BOOTSTRAP [KEY=VALUE ...]}; the settings are for consumers in groups.
 */
public final class FlowPeer {
    private final Clients clients;
    private final Map<String, Transactions> transactions = new TreeMap<>();
    private Load load;
    private List<Member> members = new ArrayList<>();

    private FlowPeer(Clients clients) {
        this.clients = clients;
    }

    public static void main(String[] args) throws Exception {
        Properties groupSettings = new Properties();
        for (int index = 1; index < args.length; index++) {
            String[] pair = args[index].split("=", 2);
            groupSettings.put(pair[0], pair[1]);
        }
        FlowPeer peer = new FlowPeer(new Clients(args[0], groupSettings));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            try {
                System.out.println("ok " + peer.answer(line.split(" ")));
            } catch (Exception thrown) {
                thrown.printStackTrace();
                Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
                System.out.println("error " + cause.toString().replace('\n', ' '));
            }
            System.out.flush();
        }
        System.exit(0);
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "create" -> Topics.create(clients, words[1], Integer.parseInt(words[2]), Short.parseShort(words[3]));
            case "describe" -> { return Topics.describe(clients, words[1]); }
            case "topics" -> { return Topics.names(clients); }
            case "delete" -> Topics.delete(clients, words[1]);
            case "produce" -> Records.produce(clients, words[1], words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            case "read" -> { return Records.read(clients, words[1], words[2], Integer.parseInt(words[3])); }
            case "committed" -> { return Long.toString(Topics.committed(clients, words[1], words[2])); }
            case "load" -> {
                load = new Load(clients, words[1]);
                load.start();
            }
            case "loaded" -> { return Integer.toString(load.acknowledged.size()); }
            case "unload" -> {
                load.end();
                return Numbers.listed(load.acknowledged) + " " + Numbers.listed(load.failed);
            }
            case "group" -> group(words[1], Integer.parseInt(words[2]), words[3]);
            case "grouped" -> { return Long.toString(received().stream().distinct().count()); }
            case "ungroup" -> { return ungroup(); }
            case "transact" -> transaction(words[2]).transact(
                words[1], Integer.parseInt(words[3]), Integer.parseInt(words[4]), words[5].equals("commit"));
            case "relay" -> { return Integer.toString(transaction(words[4]).relay(words[1], words[2], words[3], Integer.parseInt(words[5]))); }
            default -> throw new IllegalArgumentException("no such verb: " + words[0]);
        }
        return "";
    }

    private Transactions transaction(String transactionalId) {
        return transactions.computeIfAbsent(transactionalId, id -> new Transactions(clients, id));
    }

    private void group(String group, int count, String topic) {
        members = new ArrayList<>();
        for (int index = 0; index < count; index++) members.add(new Member(clients, group, topic));
        members.forEach(Thread::start);
    }

    private List<Integer> received() {
        return members.stream().flatMap(member -> List.copyOf(member.received).stream()).collect(Collectors.toList());
    }

    private String ungroup() throws InterruptedException {
        for (Member member : members) member.end();
        return Numbers.listed(received());
    }
}
