package io.coord.verification.server;

import io.coord.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Our server in this process. */
public final class CoordUnderTest implements InProcessServer {
    private final EmbeddedServer server;
    private final @Nullable Path temporary;

    private CoordUnderTest(EmbeddedServer server, @Nullable Path temporary) {
        this.server = server;
        this.temporary = temporary;
    }

    /** Starts in memory. */
    public static CoordUnderTest inMemory(int containerCheckMs) {
        return new CoordUnderTest(builder(TICK_MS, containerCheckMs).start(), null);
    }

    /** Starts with a log in a new directory that vanishes with the server, without fsync. */
    public static CoordUnderTest withLog() {
        try {
            Path directory = Files.createTempDirectory("coord-under-test");
            return new CoordUnderTest(
                    builder(TICK_MS, CONTAINER_CHECK_MS)
                            .dataDir(directory)
                            .fsync(false)
                            .start(),
                    directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts on a directory that stays, for any number of connections, as the ZooKeeper beside it does. {@code
     * -Dcoord.test.logSegmentBytes}, {@code -Dcoord.test.snapshotAfterWrites} and {@code -Dcoord.test.snapshotAfterQuietMs}
     * make segments and snapshots come sooner.
     */
    public static CoordUnderTest start(Path directory, int tickMs, boolean fsync) {
        return new CoordUnderTest(
                builder(tickMs, CONTAINER_CHECK_MS)
                        .dataDir(directory)
                        .fsync(fsync)
                        .logSegmentBytes(Integer.getInteger("coord.test.logSegmentBytes", 64 << 20))
                        .snapshotAfterWrites(Integer.getInteger("coord.test.snapshotAfterWrites", 100_000))
                        .snapshotAfterQuiet(
                                Duration.ofMillis(Integer.getInteger("coord.test.snapshotAfterQuietMs", 30_000)))
                        .maxClientConnections(0)
                        .start(),
                null);
    }

    private static EmbeddedServer.Builder builder(int tickMs, int containerCheckMs) {
        return EmbeddedServer.builder()
                .port(0)
                .superDigest(SUPER_DIGEST)
                .enforceQuota(true)
                .tickTime(Duration.ofMillis(tickMs))
                .containerCheckInterval(Duration.ofMillis(containerCheckMs));
    }

    /** Returns when the server's thread has come to it. */
    void awaitTurn() {
        server.status();
    }

    @Override
    public Implementation implementation() {
        return Implementation.COORD;
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void expireSession(long sessionId) {
        server.expireSession(sessionId).join();
    }

    @Override
    public void close() {
        server.close();
        if (temporary != null) {
            try {
                Directories.delete(temporary);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
