package io.coord.verification.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServer;
import io.coord.server.ServerBackup;
import io.coord.server.internal.backup.Backup;
import io.coord.server.internal.backup.BackupException;
import io.coord.server.internal.backup.BackupReport;
import io.coord.server.internal.backup.Restore;
import io.coord.server.internal.backup.RestorePoint;
import io.coord.server.internal.backup.RestoreReport;
import io.coord.server.internal.log.DataDirectories;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backups of our server under full write load hold what was acknowledged up to their zxid, and nothing else. */
class BackupFaultTest {
    private static final Logger LOG = LoggerFactory.getLogger(BackupFaultTest.class);
    private static final int WRITERS = 3;
    private static final int WRITES_BETWEEN = 2_000;

    @TempDir
    Path directory;

    private final List<NumberedWriter> writers = new ArrayList<>();

    private EmbeddedServer start(Path data, Path log) {
        EmbeddedServer.Builder builder = EmbeddedServer.builder()
                .port(0)
                .dataDir(data)
                .logSegmentBytes(64 << 10)
                .snapshotAfterWrites(1_500)
                .tickTime(Duration.ofSeconds(2));
        return (log == null ? builder : builder.dataLogDir(log)).start();
    }

    /** What a backup says of itself, and which writes had been acknowledged before it was asked for. */
    private record Made(Path target, long zxid, long timeMs, long acknowledgedBefore) {}

    @Test
    void aBackupUnderLoadRestoresExactlyWhatWasAcknowledged() throws Exception {
        List<Made> made = new ArrayList<>();
        Path data = directory.resolve("data");
        Path log = directory.resolve("log");
        try (EmbeddedServer server = start(data, log)) {
            List<Thread> threads = startWriters(server.port());
            for (int i = 0; i < 3; i++) {
                awaitWrites();
                long before = lastAcknowledged();
                Path target = directory.resolve(i % 2 == 0 ? "backup-" + i + ".tar.gz" : "backup-" + i);
                ServerBackup backup = server.backup(target).get(30, TimeUnit.SECONDS);
                assertThat(backup.target()).isEqualTo(target).exists();
                made.add(
                        new Made(target, backup.zxid(), backup.lastTransaction().toEpochMilli(), before));
            }
            awaitWrites();
            long before = lastAcknowledged();
            Path target = directory.resolve("history.tgz");
            // As a process of its own does it, which knows nothing but the files.
            BackupReport report = Backup.now(DataDirectories.existing(data).openToRead(), target, true);
            made.add(new Made(target, report.zxid(), report.timeMs(), before));
            stop(threads);
            assertThat(server.status().purgedFiles())
                    .as("retention was at work")
                    .isPositive();
        }
        for (Made each : made) {
            assertThat(each.zxid).isGreaterThanOrEqualTo(each.acknowledgedBefore);
            check(each.target, RestorePoint.END, each.zxid);
        }
        Made history = made.get(made.size() - 1);
        long zxid = ThreadLocalRandom.current().nextLong(history.zxid - 500, history.zxid);
        check(history.target, RestorePoint.atZxid(zxid), zxid);
        check(history.target, RestorePoint.atTime(history.timeMs), history.zxid);
        assertThat(restore(history.target, RestorePoint.atTime(history.timeMs - 20))
                        .timeMs())
                .isLessThanOrEqualTo(history.timeMs - 20);
        assertThat(names(directory)).noneMatch(name -> name.matches(".*(unfinished|restoring|unpacking).*"));
    }

    @Test
    void nothingIsEverReplacedAndDamageIsNamed() throws Exception {
        Path data = directory.resolve("data");
        Path backup = directory.resolve("backup");
        try (EmbeddedServer server = start(data, null)) {
            try (RawSession session = RawSession.open(server.port())) {
                session.ok(Operation.create("/here", "x".getBytes(StandardCharsets.UTF_8), Operation.PERSISTENT));
                session.endSession();
            }
            server.backup(backup).get(30, TimeUnit.SECONDS);
            assertThatThrownBy(() -> server.backup(backup).get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("never replaces");
        }
        assertThatThrownBy(() -> Restore.run(backup, data, RestorePoint.END))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("never replaces");
        assertThat(Restore.run(backup, directory.resolve("early"), RestorePoint.atTime(1))
                        .zxid())
                .as("its log goes back to the beginning")
                .isZero();
        try (RandomAccessFile file = new RandomAccessFile(
                backup.resolve("segment-00000000000000000001.log").toFile(), "rw")) {
            file.seek(70);
            int value = file.read();
            file.seek(70);
            file.write(value ^ 1);
        }
        assertThatThrownBy(() -> Restore.run(backup, directory.resolve("other"), RestorePoint.END))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("segment-00000000000000000001.log is damaged");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    private List<Thread> startWriters(int port) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            NumberedWriter writer = new NumberedWriter("/writer-" + i, RawSession.open(port));
            writers.add(writer);
            threads.add(new Thread(writer, "writer-" + i));
        }
        threads.forEach(Thread::start);
        return threads;
    }

    private void stop(List<Thread> threads) throws InterruptedException {
        writers.forEach(NumberedWriter::stop);
        for (Thread each : threads) {
            each.join();
        }
    }

    private long lastAcknowledged() {
        return writers.stream().mapToLong(NumberedWriter::lastZxid).max().orElseThrow();
    }

    private void awaitWrites() {
        long from = lastAcknowledged();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> lastAcknowledged() > from + WRITES_BETWEEN);
    }

    private RestoreReport restore(Path backup, RestorePoint point) throws IOException {
        return Restore.run(backup, directory.resolve("restored-" + System.nanoTime()), point);
    }

    private void check(Path backup, RestorePoint point, long zxid) throws IOException {
        RestoreReport report = restore(backup, point);
        LOG.info("{}", report);
        assertThat(report.zxid()).isEqualTo(zxid);
        try (EmbeddedServer server = start(report.target(), null);
                RawSession reader = RawSession.open(server.port())) {
            for (NumberedWriter each : writers) {
                byte[] data = reader.ok(Operation.getData(each.root(), false))
                        .into(new GetDataResponse())
                        .getData();
                assertThat(new String(data, StandardCharsets.UTF_8))
                        .isEqualTo(String.valueOf(
                                each.valuesByZxid().floorEntry(zxid).getValue()));
                Set<String> children = new HashSet<>();
                reader.ok(Operation.getChildren(each.root(), false))
                        .into(new GetChildrenResponse())
                        .getChildren()
                        .forEach(name -> children.add(each.root() + '/' + name));
                assertThat(children).isEqualTo(childrenAt(each, zxid));
            }
            reader.endSession();
        }
    }

    private static Set<String> childrenAt(NumberedWriter writer, long zxid) {
        Map<String, Long> created = new HashMap<>(writer.created());
        created.values().removeIf(each -> each > zxid);
        writer.deleted().forEach((path, each) -> {
            if (each <= zxid) {
                created.remove(path);
            }
        });
        return created.keySet();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
