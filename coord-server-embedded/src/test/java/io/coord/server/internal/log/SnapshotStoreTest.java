package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotStoreTest {
    private final SimulatedDirectory directory = new SimulatedDirectory();

    private List<String> files(String prefix) {
        return directory.list().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** One snapshot in each life, every 30 entries. */
    private void live(int lives, LogConfig config) throws IOException {
        for (int life = 1; life <= lives; life++) {
            try (LogUser user = LogUser.start(directory, config)) {
                user.batch(30, new Random(life));
                user.snapshot();
            }
        }
    }

    private SimulatedDirectory withDamage(long snapshot) {
        String name = LogFormat.snapshotName(snapshot);
        byte[] bytes = directory.bytes(name);
        bytes[LogFormat.HEADER_BYTES + 20] ^= 1;
        return directory.with(name, bytes);
    }

    @Test
    void countsASnapshotAsSavedThoughOlderFilesCannotBeDeleted() throws IOException {
        Random random = new Random(1);
        try (Warnings warnings = new Warnings(SnapshotStore.class);
                LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            directory.setFault((number, operation, name) -> operation == Operation.DELETE
                            && (LogFormat.segmentIndex(name) >= 0 || LogFormat.snapshotIndex(name) >= 0)
                    ? Outcome.FAILED
                    : Outcome.DONE);
            for (int i = 0; i < 3; i++) {
                user.batch(30, random);
                user.snapshot();
            }
            assertThat(files("snapshot-")).hasSize(3);
            assertThat(warnings.lines())
                    .anyMatch(line -> line.contains("index 90 is saved") && line.contains("cannot remove files"));

            directory.setFault((number, operation, name) -> Outcome.DONE);
            user.batch(30, random);
            user.snapshot();
            assertThat(files("snapshot-")).containsExactly(LogFormat.snapshotName(90), LogFormat.snapshotName(120));
            assertThat(SnapshotStore.segments(directory.list()).stream().skip(1))
                    .allMatch(first -> first > 91);
        }
        assertThat(LogUser.found(directory)).hasSize(120);
    }

    /** A server that saves one snapshot in each of its lives must not gather them for ever. */
    @Test
    void snapshotsOfEarlierLivesCountAsSoonAsTheyWereRead() throws IOException {
        LogConfig config = LogUser.CONFIG.withRetainedSnapshots(3);
        live(6, config);
        assertThat(files("snapshot-"))
                .containsExactlyInAnyOrder(
                        LogFormat.snapshotName(120), LogFormat.snapshotName(150), LogFormat.snapshotName(180));
        assertThat(SnapshotStore.segments(directory.list()))
                .as("the log behind the oldest snapshot is whole, and nothing before it is kept")
                .first()
                .satisfies(first -> assertThat(first).isLessThanOrEqualTo(121))
                .satisfies(first -> assertThat(first).isGreaterThan(31));
        assertThat(LogUser.found(directory)).hasSize(180);
    }

    @Test
    void aDamagedSnapshotIsNotOneOfThoseThatAreKept() throws IOException {
        LogConfig config = LogUser.CONFIG.withRetainedSnapshots(3);
        live(3, config);
        SimulatedDirectory damaged = withDamage(60);
        try (LogUser user = LogUser.start(damaged, config)) {
            user.batch(30, new Random(4));
            user.snapshot();
            assertThat(SnapshotStore.snapshots(damaged.list()))
                    .as("30, 90 and 120 are whole")
                    .hasSize(4);
            user.batch(30, new Random(5));
            user.snapshot();
        }
        assertThat(SnapshotStore.snapshots(damaged.list())).containsExactly(150L, 120L, 90L);
        assertThat(LogUser.found(damaged)).hasSize(150);
    }

    @Test
    void aDamagedSnapshotStaysDamagedAtTheNextLook() throws IOException {
        LogConfig config = LogUser.CONFIG.withRetainedSnapshots(4);
        live(3, config);
        SimulatedDirectory damaged = withDamage(60);
        try (LogUser user = LogUser.start(damaged, config)) {
            for (int i = 4; i <= 5; i++) {
                user.batch(30, new Random(i));
                user.snapshot();
            }
        }
        assertThat(SnapshotStore.snapshots(damaged.list()))
                .as("30 is one of four that are whole")
                .containsExactly(150L, 120L, 90L, 60L, 30L);
    }

    @Test
    void nothingIsRemovedWhenAllIsToBeKept() throws IOException {
        LogConfig config = LogUser.CONFIG.withRetainedSnapshots(0);
        try (LogUser user = LogUser.start(directory, config)) {
            for (int i = 0; i < 5; i++) {
                user.batch(30, new Random(i));
                user.snapshot();
            }
        }
        assertThat(files("snapshot-")).hasSize(5);
        assertThat(SnapshotStore.segments(directory.list())).first().isEqualTo(1L);
    }
}
