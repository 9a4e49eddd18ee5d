import java.util.Collection;
import java.util.stream.Collectors;

/** What a record carries: a number, padded so that there is something to compress. */
final class Numbers {
    private static final String PAD = "x".repeat(80);

    private Numbers() {}

    static String key(int number) {
        return "k" + number % 10;
    }

    static String value(int number) {
        return number + "-" + PAD;
    }

    static int of(String value) {
        return Integer.parseInt(value.substring(0, value.indexOf('-')));
    }

    static String listed(Collection<Integer> numbers) {
        synchronized (numbers) {
            return numbers.isEmpty() ? "-" : numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }
}
