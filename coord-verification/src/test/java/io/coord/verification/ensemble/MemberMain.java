package io.coord.verification.ensemble;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coord.server.EmbeddedServer;
import io.coord.server.config.EnsembleMember;
import io.coord.server.config.ServerConfigReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** A member in a process of its own: {@code <zoo.cfg>}. Ends when its standard input does, so it never outlives who started it. */
final class MemberMain {
    private MemberMain() {}

    public static void main(String[] arguments) throws IOException {
        ((Logger) LoggerFactory.getLogger("org.apache.ratis"))
                .setLevel(Level.toLevel(System.getProperty("coord.members.ratis"), Level.OFF));
        Path file = Path.of(arguments[0]);
        EmbeddedServer server =
                EmbeddedServer.of(EnsembleMember.of(file, ServerConfigReader.read(file, Map.of(), notice -> {})));
        server.start();
        while (System.in.read() >= 0) {
            // Nothing is asked.
        }
        server.close();
        Runtime.getRuntime().halt(0);
    }
}
