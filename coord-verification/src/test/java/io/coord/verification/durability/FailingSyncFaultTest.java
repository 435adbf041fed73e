package io.coord.verification.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.session.SessionState;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our server's process with a disk that fails: real system calls answer with EIO and EFBIG. */
class FailingSyncFaultTest {
    private static final int REFUSED = Code.THROTTLEDOP.intValue();
    private static final List<String> SMALL = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1");
    private static final int TICK_MS = 2_000;

    @TempDir
    Path parent;

    private Path data() {
        return parent.resolve("data");
    }

    private Path trigger() {
        return parent.resolve("fail-sync");
    }

    private ServerProcess start(List<String> prefix) {
        return ServerProcess.start(Implementation.COORD, data(), TICK_MS, true, prefix, SMALL);
    }

    /** Builds the library that fails syncs; there is nothing to test without a compiler. */
    private List<String> withFailingSyncs() throws IOException, InterruptedException {
        Path source = parent.resolve("failing-sync.c");
        Path library = parent.resolve("failing-sync.so");
        try (InputStream in = FailingSyncFaultTest.class.getResourceAsStream("/durability/failing-sync.c")) {
            Files.copy(in, source);
        }
        try {
            Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assumptions.assumeTrue(compiler.waitFor() == 0, () -> "The C compiler failed: " + said);
        } catch (IOException e) {
            Assumptions.abort("There is no C compiler: " + e.getMessage());
        }
        return List.of("env", "LD_PRELOAD=" + library, "COORD_FAIL_SYNC=" + trigger());
    }

    private static Set<String> children(RawSession session) {
        Set<String> names = new TreeSet<>(session.ok(Operation.getChildren("/", false))
                .into(new GetChildrenResponse())
                .getChildren());
        names.remove("zookeeper");
        return names;
    }

    private static int create(RawSession session, String path) {
        return session.call(Operation.create(path, null, Operation.PERSISTENT)).error();
    }

    @Test
    void refusesWritesAfterAFailedSyncUntilItIsStartedAgain() throws IOException, InterruptedException {
        List<String> failing = withFailingSyncs();
        ServerProcess server = start(failing);
        try (RawSession reader = RawSession.open(server.port());
                RawSession writer = RawSession.open(server.port())) {
            assertThat(create(writer, "/acknowledged")).isZero();
            Files.createFile(trigger());
            assertThatThrownBy(() -> create(writer, "/uncertain"))
                    .as("nobody knows, so the connection is closed")
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(create(reader, "/refused-1")).isEqualTo(REFUSED);
            // A sync that succeeds from here on would prove nothing.
            Files.delete(trigger());
            assertThat(create(reader, "/refused-2")).isEqualTo(REFUSED);
            assertThat(children(reader)).containsExactly("acknowledged");
            assertThat(reader.ping().error()).isZero();
            assertThatThrownBy(() -> RawSession.open(server.port())).isInstanceOf(UncheckedIOException.class);
        } finally {
            server.kill();
        }
        ServerProcess next = start(List.of());
        try (RawSession reader = RawSession.open(next.port())) {
            assertThat(children(reader)).contains("acknowledged").doesNotContain("refused-1", "refused-2");
            assertThat(create(reader, "/afterwards")).isZero();
        } finally {
            next.close();
        }
    }

    /** Writes come one upon the other, so that the log has no time to confirm the last one. */
    private CoordException writeUntilSyncsFail(CoordClient client) throws IOException {
        for (int i = 0; i < 20; i++) {
            client.setData().forPath("/acknowledged", new byte[] {1});
        }
        Files.createFile(trigger());
        try {
            client.create().forPath("/uncertain");
        } catch (CoordException e) {
            return e;
        }
        throw new AssertionError("acknowledged without a sync");
    }

    @Test
    void aClientWhoseWriteIsUncertainComesBackToItsSessionAndReads() throws IOException, InterruptedException {
        List<String> failing = withFailingSyncs();
        ServerProcess server = start(failing);
        try (CoordClient client = CoordClient.builder()
                .connectString("127.0.0.1:" + server.port())
                .build()
                .start()) {
            client.create().forPath("/acknowledged", new byte[] {1});
            long session = client.sessionId();
            CoordException failure = writeUntilSyncsFail(client);
            Assumptions.assumeTrue(
                    failure instanceof ConnectionLossException,
                    "The confirmation of the write before met the fault, so that no write is uncertain");
            assertThat(client.getData().forPath("/acknowledged")).containsExactly(1);
            assertThat(client.checkExists().forPath("/uncertain")).isNull();
            assertThat(client.sessionId()).isEqualTo(session);
            assertThat(client.state()).isEqualTo(SessionState.CONNECTED);
            assertThatThrownBy(() -> client.create().forPath("/refused")).hasMessageContaining("THROTTLED_OP");
            assertThatThrownBy(() -> client.checkExists().afterSync().forPath("/uncertain"))
                    .hasMessageContaining("THROTTLED_OP");
        } finally {
            server.kill();
        }
        ServerProcess next = start(List.of());
        try (RawSession reader = RawSession.open(next.port())) {
            assertThat(children(reader)).contains("acknowledged").doesNotContain("refused");
        } finally {
            next.close();
        }
    }

    /** What is read back may be in the system's memory only, so a start whose syncs fail lets nobody in. */
    @Test
    void doesNotStartWhileSyncsFail() throws IOException, InterruptedException {
        List<String> failing = withFailingSyncs();
        ServerProcess server = start(failing);
        try (RawSession writer = RawSession.open(server.port())) {
            assertThat(create(writer, "/acknowledged")).isZero();
        } finally {
            server.kill();
        }
        Files.createFile(trigger());
        assertThatThrownBy(() -> start(failing).close()).hasMessageContaining("Input/output error");
        Files.delete(trigger());
        server = start(failing);
        try (RawSession reader = RawSession.open(server.port())) {
            assertThat(children(reader)).containsExactly("acknowledged");
        } finally {
            server.close();
        }
    }

    /** The system lets no file of this process grow beyond 100 KB: an entry of 200 KB is cut off in its middle. */
    @Test
    void refusesWritesAfterAFailedWriteUntilItIsStartedAgain() {
        List<String> smallSegments = new ArrayList<>(SMALL);
        smallSegments.add("-Dcoord.test.logSegmentBytes=65536");
        ServerProcess server = ServerProcess.start(
                Implementation.COORD,
                data(),
                TICK_MS,
                true,
                List.of("bash", "-c", "ulimit -f 100; exec \"$@\"", "limited"),
                smallSegments);
        try (RawSession reader = RawSession.open(server.port());
                RawSession writer = RawSession.open(server.port())) {
            assertThat(create(writer, "/acknowledged")).isZero();
            assertThatThrownBy(
                            () -> writer.call(Operation.create("/uncertain", new byte[200_000], Operation.PERSISTENT)))
                    .as("nobody knows, so the connection is closed")
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(create(reader, "/refused")).isEqualTo(REFUSED);
            assertThat(children(reader)).containsExactly("acknowledged");
        } finally {
            server.kill();
        }
        ServerProcess next = start(List.of());
        try (RawSession reader = RawSession.open(next.port())) {
            assertThat(children(reader)).contains("acknowledged").doesNotContain("refused");
            assertThat(create(reader, "/afterwards")).isZero();
        } finally {
            next.close();
        }
    }
}
