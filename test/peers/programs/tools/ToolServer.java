import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's tools one after another in one process, because a process of its own for each costs seconds. A call comes in as the
 * number of its words, the words (the class first) and what is piped in; the answer is how it ended and what it printed.
 */
public final class ToolServer {
    private static final class Ended extends RuntimeException {
        Ended(int status) {
            super("exit " + status);
        }
    }

    /** Scala keeps the first `System.out` that it sees, so that one stays, and where it writes to is changed. */
    private static final class Switch extends OutputStream {
        volatile OutputStream target = OutputStream.nullOutputStream();

        @Override
        public void write(int b) throws IOException {
            target.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            target.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }
    }

    private static final Switch STREAM = new Switch();
    /** Of the call that is served; null while it has not ended itself. */
    private static volatile Integer status;

    /** What a tool still does behind its end (it may catch what ends it here) nobody sees. */
    private static void end(int with) {
        if (status == null) status = with;
        STREAM.target = OutputStream.nullOutputStream();
        throw new Ended(with);
    }

    private static int run(String main, String[] args, PrintStream printed) {
        status = null;
        try {
            Class.forName(main).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException thrown) {
            if (status == null) thrown.getCause().printStackTrace(printed);
        } catch (ReflectiveOperationException thrown) {
            thrown.printStackTrace(printed);
        }
        return status == null ? 0 : status;
    }

    public static void main(String[] none) throws IOException {
        DataInputStream calls = new DataInputStream(System.in);
        DataOutputStream answers = new DataOutputStream(System.out);
        PrintStream printed = new PrintStream(STREAM, true, StandardCharsets.UTF_8);
        System.setOut(printed);
        System.setErr(printed);
        Exit.setExitProcedure((with, message) -> end(with));
        Exit.setHaltProcedure((with, message) -> end(with));
        Exit.setShutdownHookAdder((name, hook) -> {});
        for (;;) {
            String[] words = new String[calls.readInt()];
            for (int index = 0; index < words.length; index++) words[index] = text(calls);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            System.setIn(new ByteArrayInputStream(text(calls).getBytes(StandardCharsets.UTF_8)));
            STREAM.target = said;
            String[] args = java.util.Arrays.copyOfRange(words, 1, words.length);
            int ended = run(words[0], args, printed);
            printed.flush();
            STREAM.target = OutputStream.nullOutputStream();
            answers.writeInt(ended);
            answers.writeInt(said.size());
            said.writeTo(answers);
            answers.flush();
        }
    }

    private static String text(DataInputStream calls) throws IOException {
        byte[] bytes = new byte[calls.readInt()];
        calls.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
