package io.coord.verification.bench;

import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ZooKeeper's server and ours, side by side, each in a process of its own, with the same JVM options. */
final class ServerPair implements AutoCloseable {
    static final int TICK_MS = 2000;
    static final List<String> JVM_OPTIONS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");

    private final Path directory;
    private final ServerProcess zooKeeper;
    private final ServerProcess coord;

    private ServerPair(Path directory, ServerProcess zooKeeper, ServerProcess coord) {
        this.directory = directory;
        this.zooKeeper = zooKeeper;
        this.coord = coord;
    }

    /** Starts both on new directories below the given one. */
    static ServerPair start(Path parent, boolean fsync) throws IOException {
        return start(parent, fsync, JVM_OPTIONS);
    }

    static ServerPair start(Path parent, boolean fsync, List<String> jvmOptions) throws IOException {
        Path directory = Files.createTempDirectory(parent, "servers");
        ServerProcess zooKeeper = start(Implementation.ZOOKEEPER, directory, fsync, jvmOptions);
        try {
            return new ServerPair(directory, zooKeeper, start(Implementation.COORD, directory, fsync, jvmOptions));
        } catch (RuntimeException e) {
            zooKeeper.kill();
            throw e;
        }
    }

    private static ServerProcess start(
            Implementation implementation, Path directory, boolean fsync, List<String> jvmOptions) {
        return ServerProcess.start(
                implementation,
                directory.resolve(implementation.name()),
                TICK_MS,
                fsync,
                Machine.serverPrefix(),
                jvmOptions);
    }

    ServerProcess zooKeeper() {
        return zooKeeper;
    }

    ServerProcess coord() {
        return coord;
    }

    boolean isAlive() {
        return zooKeeper.isAlive() && coord.isAlive();
    }

    /** Ends both at once: whoever waits for them gets an error. */
    void kill() {
        zooKeeper.kill();
        coord.kill();
    }

    @Override
    public void close() throws IOException {
        zooKeeper.close();
        coord.close();
        Directories.delete(directory);
    }

    /** One round's figures of both, in the order in which they took turns. */
    static <T> Round<T> round(int number, Measurement<T> peer, Measurement<T> ours) throws Exception {
        if (number % 2 == 0) {
            T first = peer.measure();
            return new Round<>(first, ours.measure());
        }
        T first = ours.measure();
        return new Round<>(peer.measure(), first);
    }

    /** A pair that is replaced when one of its servers has died. */
    static final class Restarting implements AutoCloseable {
        private final Path parent;
        private final boolean fsync;
        private volatile @Nullable ServerPair present;

        Restarting(Path parent, boolean fsync) {
            this.parent = parent;
            this.fsync = fsync;
        }

        ServerPair alive() throws IOException {
            ServerPair pair = present;
            if (pair == null || !pair.isAlive()) {
                close();
                pair = start(parent, fsync);
                present = pair;
            }
            return pair;
        }

        /** From any thread. */
        void kill() {
            ServerPair pair = present;
            if (pair != null) {
                pair.kill();
            }
        }

        @Override
        public void close() throws IOException {
            ServerPair pair = present;
            present = null;
            if (pair != null) {
                pair.close();
            }
        }
    }

    record Round<T>(T peer, T ours) {}

    interface Measurement<T> {
        T measure() throws Exception;
    }
}
