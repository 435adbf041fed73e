package io.coord.verification.server;

import io.coord.verification.server.ServerUnderTest.Implementation;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A server in a process of its own: {@code <implementation> <directory> <tick in ms> <fsync>}. It prints its port and ends
 * when its standard input does, so that it never outlives the process that started it.
 */
final class ServerMain {
    static final String READY = "listening on ";

    private ServerMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Implementation implementation = Implementation.valueOf(arguments[0]);
        Path directory = Path.of(arguments[1]);
        int tickMs = Integer.parseInt(arguments[2]);
        boolean fsync = Boolean.parseBoolean(arguments[3]);
        System.setProperty("zookeeper.forceSync", fsync ? "yes" : "no");
        ServerUnderTest server =
                switch (implementation) {
                    case ZOOKEEPER ->
                        ZooKeeperUnderTest.start(directory, tickMs, ServerUnderTest.CONTAINER_CHECK_MS, null);
                    case COORD -> CoordUnderTest.start(directory, tickMs, fsync);
                };
        System.out.println(READY + server.port());
        while (System.in.read() >= 0) {
            // Only the end matters.
        }
        server.close();
        Runtime.getRuntime().halt(0);
    }
}
