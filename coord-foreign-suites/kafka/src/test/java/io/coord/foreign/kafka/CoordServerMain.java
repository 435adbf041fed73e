package io.coord.foreign.kafka;

import io.coord.server.EmbeddedServer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Coord's server as a process: port, directory. Ends when it is killed. */
final class CoordServerMain {
    private CoordServerMain() {}

    public static void main(String[] arguments) throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder()
                .port(Integer.parseInt(arguments[0]))
                .dataDir(Path.of(arguments[1]))
                .start()) {
            System.out.println("listening on " + server.port());
            new CountDownLatch(1).await();
        }
    }
}
