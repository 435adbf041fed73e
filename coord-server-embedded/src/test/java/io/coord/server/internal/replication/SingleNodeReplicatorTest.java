package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.DirectoryLockedException;
import io.coord.server.internal.log.Durability;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDamagedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real file system. */
class SingleNodeReplicatorTest extends ReplicatorContract {
    private static final LogConfig SMALL = LogConfig.DEFAULT.withSegmentBytes(2_000, 20_000);

    @TempDir
    private Path parent;

    private int directories;

    @Override
    Replicator create(OwnerQueue mailbox) {
        return new SingleNodeReplicator(mailbox, parent.resolve("data-" + directories++), LogConfig.DEFAULT);
    }

    private List<Command> write(Path directory, LogConfig config, long from, long to) {
        return write(directory, config, from, to, () -> true);
    }

    private List<Command> write(Path directory, LogConfig config, long from, long to, BooleanSupplier closesWhen) {
        RecordingState writing = new RecordingState();
        Replicator replicator = new SingleNodeReplicator(owner, directory, config);
        replicator.start(writing);
        owner.runUntil(() -> writing.ready || writing.failure != null);
        assertThat(writing.failure).isNull();
        for (long ticket = from; ticket <= to; ticket++) {
            replicator.submit(command(ticket), ticket);
            if (ticket % 20 == 0) {
                long sent = ticket - from + 1;
                owner.runUntil(() -> writing.failure != null || writing.committed.size() == sent);
            }
        }
        owner.runUntil(() -> writing.failure != null || writing.committed.size() == to - from + 1);
        owner.runUntil(() -> writing.failure != null || closesWhen.getAsBoolean());
        assertThat(writing.failure).isNull();
        close(replicator);
        return writing.applied;
    }

    private RecordingState read(Path directory, LogConfig config) {
        RecordingState reading = new RecordingState();
        Replicator replicator = new SingleNodeReplicator(owner, directory, config);
        replicator.start(reading);
        owner.runUntil(() -> reading.ready || reading.failure != null);
        close(replicator);
        return reading;
    }

    @Test
    void bringsBackEverythingAfterARestart() {
        Path directory = parent.resolve("a/b/data");
        List<Command> written = write(directory, LogConfig.DEFAULT, 1, 3_000);
        RecordingState found = read(directory, LogConfig.DEFAULT);
        assertThat(found.applied).isEqualTo(written).hasSize(3_000);
        assertThat(found.committed).isEmpty();
        assertThat(found.batches).isEqualTo(1);
        assertThat(found.restores).isZero();
    }

    @Test
    void bringsBackSnapshotsAndTheLogBehindThemAndDeletesTheRest() throws IOException {
        Path directory = parent.resolve("data");
        LogConfig config = SMALL.withSnapshotEvery(200, 1 << 30);
        List<Command> written = new ArrayList<>();
        for (int life = 0; life < 4; life++) {
            long from = life * 1_000L + 1;
            written = new ArrayList<>(
                    write(directory, config, from, from + 999, () -> newestSnapshot(directory) >= from));
        }
        assertThat(written).hasSize(4_000);
        RecordingState found = read(directory, config);
        assertThat(found.applied).isEqualTo(written);
        assertThat(found.restores).isEqualTo(1);
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(names).doesNotContain("segment-00000000000000000001.log");
            assertThat(names.stream().filter(name -> name.endsWith(".snap")))
                    .as("the last removal may have been cut short by the close")
                    .hasSizeBetween(3, 4);
        }
    }

    private static long newestSnapshot(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snap"))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void recoversWithoutSyncsAfterTheEndOfTheProcess() {
        Path directory = parent.resolve("data");
        LogConfig config = SMALL.withDurability(Durability.NO_FSYNC);
        List<Command> written = write(directory, config, 1, 2_000);
        assertThat(read(directory, LogConfig.DEFAULT).applied).isEqualTo(written);
    }

    @Test
    void letsOneServerAtATimeIntoADirectory() {
        Path directory = parent.resolve("data");
        Replicator first = new SingleNodeReplicator(owner, directory, LogConfig.DEFAULT);
        first.start(state);
        owner.runUntil(() -> state.ready);
        RecordingState second = read(directory, LogConfig.DEFAULT);
        assertThat(second.failure)
                .isInstanceOf(DirectoryLockedException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("process " + ProcessHandle.current().pid());
        close(first);
        assertThat(read(directory, LogConfig.DEFAULT).failure).isNull();
    }

    @Test
    void refusesToStartOnADamagedLogAndChangesNothing() throws IOException {
        Path directory = parent.resolve("data");
        write(directory, LogConfig.DEFAULT, 1, 100);
        Path segment = directory.resolve("segment-00000000000000000001.log");
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}), 1_000);
        }
        byte[] before = Files.readAllBytes(segment);
        RecordingState refused = read(directory, LogConfig.DEFAULT);
        assertThat(refused.ready).isFalse();
        assertThat(refused.failure)
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("index ");
        assertThat(Files.readAllBytes(segment)).isEqualTo(before);
    }

    @Test
    void refusesACommandThatIsTooLargeAndKeepsItsNeighbours() {
        Path directory = parent.resolve("data");
        RecordingState writing = new RecordingState();
        Replicator replicator = new SingleNodeReplicator(owner, directory, LogConfig.DEFAULT);
        replicator.start(writing);
        owner.runUntil(() -> writing.ready);
        replicator.submit(command(1), 1);
        replicator.submit(new Command.CreateSession(1, 1, new byte[40 << 20]), 2);
        replicator.submit(new Command.CreateSession(1, 1, new byte[(32 << 20) + 1]), 3);
        replicator.submit(command(4), 4);
        owner.runUntil(() -> writing.settled() == 4);
        close(replicator);
        assertThat(writing.committed).containsExactly(1L, 4L);
        assertThat(writing.refused).containsOnlyKeys(2L, 3L);
        assertThat(read(directory, LogConfig.DEFAULT).applied).containsExactly(command(1), command(4));
    }

    @Test
    void deliversAndReplaysLargeCommandsAFewAtATime() {
        Path directory = parent.resolve("data");
        int commandBytes = 300_000;
        int commands = 50;
        Replicator replicator = new SingleNodeReplicator(owner, directory, LogConfig.DEFAULT);
        replicator.start(state);
        owner.runUntil(() -> state.ready);
        int[] mostDelivered = mostAppliedPerMessage(state);
        for (long ticket = 1; ticket <= commands; ticket++) {
            replicator.submit(new Command.CreateSession(ticket, 1, new byte[commandBytes]), ticket);
        }
        owner.runUntil(() -> state.failure != null || state.settled() == commands);
        close(replicator);
        assertThat(state.committed).hasSize(commands);
        assertThat(mostDelivered[0]).isEqualTo((1 << 20) / commandBytes + 1);

        RecordingState reading = new RecordingState();
        int[] mostReplayed = mostAppliedPerMessage(reading);
        Replicator second = new SingleNodeReplicator(owner, directory, LogConfig.DEFAULT);
        second.start(reading);
        owner.runUntil(() -> reading.ready || reading.failure != null);
        close(second);
        assertThat(reading.applied).hasSize(commands);
        assertThat(mostReplayed[0]).isEqualTo((4 << 20) / commandBytes + 1);
    }

    private int[] mostAppliedPerMessage(RecordingState of) {
        int[] before = {0};
        int[] most = {0};
        owner.afterEach(() -> {
            most[0] = Math.max(most[0], of.applied.size() - before[0]);
            before[0] = of.applied.size();
        });
        return most;
    }

    @Test
    void namesADirectoryThatCannotBeMade() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), String.format(Locale.ROOT, "taken"));
        RecordingState refused = read(file.resolve("data"), LogConfig.DEFAULT);
        assertThat(refused.failure).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
    }
}
