package io.coord.verification.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServer;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.junit.jupiter.api.Test;

/** Our server on a real disk that is full: writes get an error, everything else goes on, and room heals it. */
class FullDiskFaultTest {
    private static final int DISK_BYTES = 8 << 20;
    private static final int REFUSED = Code.THROTTLEDOP.intValue();
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Creates one znode after another and keeps apart what was acknowledged and what was refused. */
    private static final class Creator {
        private final RawSession session;
        private final byte[] data;
        private final String prefix;
        private final Set<String> acknowledged = new TreeSet<>();
        private final Set<String> refused = new HashSet<>();
        private int number;

        Creator(RawSession session, int bytes, String prefix) {
            this.session = session;
            this.prefix = prefix;
            this.data = new byte[bytes];
        }

        /** @return whether all of a burst that was sent together were acknowledged */
        boolean burst(int size) {
            Queue<String> names = new ArrayDeque<>();
            Queue<Integer> xids = new ArrayDeque<>();
            for (int i = 0; i < size; i++) {
                String name = prefix + number++;
                names.add(name);
                xids.add(session.send(Operation.create("/" + name, data, Operation.PERSISTENT)));
            }
            int refusedBefore = refused.size();
            while (!names.isEmpty()) {
                Frame reply = session.awaitReply(xids.remove());
                if (reply.error() == 0) {
                    acknowledged.add(names.remove());
                } else {
                    assertThat(reply.error()).isEqualTo(REFUSED);
                    refused.add(names.remove());
                }
            }
            return refused.size() == refusedBefore;
        }

        void fill(int mostBursts) {
            for (int i = 0; i < mostBursts; i++) {
                if (!burst(4)) {
                    return;
                }
            }
            throw new AssertionError("the disk takes and takes");
        }
    }

    private static EmbeddedServer.Builder server(SmallDisk disk) {
        return EmbeddedServer.builder()
                .port(0)
                .dataDir(disk.directory())
                .tickTime(Duration.ofMillis(200))
                .minSessionTimeout(Duration.ofMillis(400))
                .maxSessionTimeout(Duration.ofSeconds(30));
    }

    private static Set<String> children(RawSession reader) {
        Set<String> names = new TreeSet<>(reader.ok(Operation.getChildren("/", false))
                .into(new GetChildrenResponse())
                .getChildren());
        names.remove("zookeeper");
        return names;
    }

    private static List<String> files(SmallDisk disk, String suffix) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(disk.directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .toList();
        }
    }

    @Test
    void refusesWritesWithAnErrorWhileReadsAndSessionsGoOnAndHealsByItself() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(DISK_BYTES)) {
            Set<String> kept;
            try (EmbeddedServer server = server(disk).start();
                    RawSession reader = RawSession.open(server.port(), 2_000);
                    RawSession silent = RawSession.open(server.port(), 400);
                    RawSession writer = RawSession.open(server.port(), 30_000)) {
                silent.ok(Operation.create("/silent", null, Operation.EPHEMERAL));
                disk.leave(2 << 20);
                Creator creator = new Creator(writer, 20_000, "n");
                creator.fill(1_000);
                assertThat(creator.acknowledged).isNotEmpty();

                // The reader lives longer than its time-out. What is small may still find room at the end of a block.
                long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                await().atMost(DEADLINE).pollInterval(Duration.ofMillis(50)).until(() -> {
                    assertThat(reader.ping().error()).isZero();
                    assertThat(children(reader)).containsAll(creator.acknowledged);
                    creator.burst(4);
                    return System.nanoTime() > end;
                });
                assertThat(creator.refused).hasSizeGreaterThan(40);
                assertThat(files(disk, ".tmp")).isEmpty();

                disk.makeRoom();
                await().atMost(DEADLINE).until(() -> creator.burst(3));
                await().atMost(DEADLINE).until(() -> !children(reader).contains("silent"));
                RawSession.open(server.port()).endSession();
                assertThat(children(reader)).isEqualTo(creator.acknowledged);
                kept = creator.acknowledged;
            }
            assertHolds(disk, kept);
        }
    }

    @Test
    void goesOnWithoutASnapshotThatDoesNotFitAndSavesOneWhenThereIsRoom() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(DISK_BYTES)) {
            Set<String> kept;
            try (EmbeddedServer server = server(disk)
                            .logSegmentBytes(1 << 20)
                            .snapshotAfterWrites(40)
                            .start();
                    RawSession writer = RawSession.open(server.port(), 30_000)) {
                Creator large = new Creator(writer, 100_000, "large");
                assertThat(large.burst(10)).isTrue();
                assertThat(large.burst(10)).isTrue();
                disk.leave(1 << 20);
                Creator small = new Creator(writer, 10, "small");
                for (int i = 0; i < 100; i++) {
                    // While the snapshot takes the last room, a segment may find none.
                    small.burst(3);
                }
                await().atMost(DEADLINE)
                        .until(() -> files(disk, ".tmp").stream().noneMatch(name -> name.startsWith("snap")));
                assertThat(files(disk, ".snap")).isEmpty();
                assertThat(small.acknowledged).hasSizeGreaterThan(100);
                disk.makeRoom();
                await().atMost(DEADLINE).until(() -> {
                    assertThat(small.burst(10)).isTrue();
                    return !files(disk, ".snap").isEmpty();
                });
                kept = small.acknowledged;
                kept.addAll(large.acknowledged);
            }
            assertHolds(disk, kept);
        }
    }

    /** A server that was stopped on a full disk starts on it, and serves what it has. */
    @Test
    void startsAndServesReadsOnAFullDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(DISK_BYTES)) {
            Set<String> kept;
            RawSession before;
            try (EmbeddedServer server = server(disk).start()) {
                before = RawSession.open(server.port(), 30_000);
                disk.leave(1 << 20);
                Creator creator = new Creator(before, 20_000, "n");
                creator.fill(1_000);
                kept = creator.acknowledged;
            }
            disk.leave(0);
            try (EmbeddedServer server = server(disk).start()) {
                assertThat(server.status().znodes()).isEqualTo(kept.size() + 4);
            }
            disk.makeRoom();
            assertHolds(disk, kept);
        }
    }

    private static void assertHolds(SmallDisk disk, Set<String> names) {
        try (EmbeddedServer server = server(disk).start();
                RawSession reader = RawSession.open(server.port())) {
            assertThat(children(reader)).isEqualTo(names);
            reader.endSession();
        }
    }
}
