package io.coord.verification.bench;

import io.coord.verification.server.CoordUnderTest;
import io.coord.verification.server.ServerUnderTest;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Starts servers in this process, one after the other, each on a new directory: {@code <implementation> <directory>
 * <count>}. Prints how long each took to its first acknowledged create.
 */
final class InProcessStarts {
    static final String MILLIS = "millis ";

    private InProcessStarts() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Implementation implementation = Implementation.valueOf(arguments[0]);
        Path directory = Path.of(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            try (ServerUnderTest server = start(implementation, directory.resolve(String.valueOf(i)))) {
                StartBenchmark.firstCreate(server.port());
                System.out.printf(Locale.ROOT, "%s%.3f%n", MILLIS, (System.nanoTime() - start) / 1e6);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static ServerUnderTest start(Implementation implementation, Path directory) throws IOException {
        return switch (implementation) {
            case ZOOKEEPER ->
                ZooKeeperUnderTest.start(directory, ServerPair.TICK_MS, ServerUnderTest.CONTAINER_CHECK_MS, null);
            case COORD -> CoordUnderTest.start(directory, ServerPair.TICK_MS, true);
        };
    }
}
