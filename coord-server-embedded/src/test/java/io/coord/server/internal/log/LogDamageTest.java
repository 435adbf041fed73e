package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.coord.server.internal.log.SimulatedDirectory.Loss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Damage to what had been durable is refused by name; only what nobody was told of may be cut. */
class LogDamageTest {
    private final SimulatedDirectory directory = new SimulatedDirectory();

    /** Segments 1.. and snapshots at two places, the last batch confirmed or not. */
    private List<Long> fill(boolean confirmed) throws IOException {
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            Random random = new Random(1);
            for (int i = 0; i < 30; i++) {
                user.batch(3, random);
                if (i == 9 || i == 21) {
                    user.snapshot();
                }
            }
            if (confirmed) {
                user.log().confirm();
            }
            return user.acknowledged();
        }
    }

    private List<String> names(String prefix) {
        return directory.list().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    private String newestSegment() {
        List<String> segments = names("segment-");
        return segments.get(segments.size() - 1);
    }

    private static byte[] flipped(byte[] bytes, int offset) {
        byte[] damaged = bytes.clone();
        damaged[offset] ^= 0x10;
        return damaged;
    }

    @Test
    void namesFileOffsetAndIndexOfAnyFlippedByteInAConfirmedLog() throws IOException {
        List<Long> all = fill(true);
        int refused = 0;
        for (String name : names("segment-")) {
            byte[] bytes = directory.bytes(name);
            for (int offset = 0; offset < bytes.length; offset++) {
                SimulatedDirectory damaged = directory.with(name, flipped(bytes, offset));
                Throwable failure =
                        catchThrowable(() -> assertThat(LogUser.found(damaged)).isEqualTo(all));
                if (failure != null) {
                    assertThat(failure)
                            .as("%s at %d", name, offset)
                            .isInstanceOfAny(LogDamagedException.class, LogMismatchException.class);
                    assertThat(failure).hasMessageContaining("/simulated/" + name);
                    if (failure instanceof LogDamagedException damage) {
                        assertThat(damage.offset()).isBetween(offset - 200L, (long) offset);
                        assertThat(damage).hasMessageContaining("index " + damage.index());
                    }
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    /** The mark behind the last batch was not synced, and a killed process does not take it along. */
    @Test
    void namesAnyFlippedByteOfTheLastBatchWhenOnlyTheProcessDied() throws IOException {
        List<Long> all = fill(false);
        String name = newestSegment();
        byte[] bytes = directory.bytes(name);
        int end = lengthWithoutZeros(bytes);
        for (int offset = 0; offset < bytes.length; offset++) {
            SimulatedDirectory damaged = directory.with(name, flipped(bytes, offset));
            if (offset < end - LogFormat.RECORD_HEADER_BYTES) {
                assertThatThrownBy(() -> LogUser.found(damaged))
                        .as("offset %d", offset)
                        .isInstanceOfAny(LogDamagedException.class, LogMismatchException.class)
                        .hasMessageContaining(name);
            } else {
                // Of the mark itself nothing is lost.
                assertThat(LogUser.found(damaged)).isEqualTo(all);
            }
        }
    }

    private static int lengthWithoutZeros(byte[] bytes) {
        int length = bytes.length;
        while (bytes[length - 1] == 0) {
            length--;
        }
        return length;
    }

    @Test
    void cutsAFlippedByteOnlyInTheBatchThatALossOfPowerLeftWithoutItsMark() throws IOException {
        List<Long> all = fill(false);
        SimulatedDirectory left = directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1));
        assertThat(LogUser.found(left)).isEqualTo(all);
        String name = newestSegment();
        byte[] bytes = left.bytes(name);
        int cut = 0;
        for (int offset = 0; offset < bytes.length; offset++) {
            SimulatedDirectory damaged = left.with(name, flipped(bytes, offset));
            try {
                List<Long> found = LogUser.found(damaged);
                assertThat(found.size()).isBetween(all.size() - 3, all.size());
                assertThat(found).isEqualTo(all.subList(0, found.size()));
                cut += found.size() < all.size() ? 1 : 0;
                // The cut is for good, and the log goes on behind it.
                assertThat(LogUser.found(damaged)).isEqualTo(found);
            } catch (LogDamagedException | LogMismatchException e) {
                assertThat(e).hasMessageContaining(name);
            }
        }
        assertThat(cut).isPositive();
    }

    @Test
    void cutsATornTailAtEachLength() throws IOException {
        List<Long> all = fill(false);
        String name = newestSegment();
        byte[] bytes = directory.bytes(name);
        for (int length = LogFormat.HEADER_BYTES; length < bytes.length; length++) {
            SimulatedDirectory torn = directory.with(name, Arrays.copyOf(bytes, length));
            List<Long> found = LogUser.found(torn);
            assertThat(found).isEqualTo(all.subList(0, found.size()));
            assertThat(LogUser.found(torn)).isEqualTo(found);
        }
    }

    @Test
    void fallsBackToTheOlderSnapshotForAnyFlippedByteOfTheNewest() throws IOException {
        List<Long> all = fill(true);
        String newest = names("snapshot-").get(1);
        byte[] bytes = directory.bytes(newest);
        for (int offset = 0; offset < bytes.length; offset++) {
            SimulatedDirectory damaged = directory.with(newest, flipped(bytes, offset));
            try {
                assertThat(LogUser.found(damaged)).isEqualTo(all);
            } catch (LogMismatchException newerVersion) {
                assertThat(newerVersion).hasMessageContaining(newest);
                assertThat(offset).isBetween(8, 11);
            }
        }
        for (int length = 0; length < bytes.length; length += 3) {
            assertThat(LogUser.found(directory.with(newest, Arrays.copyOf(bytes, length))))
                    .isEqualTo(all);
        }
    }

    @Test
    void neverGivesAStateWithBytesOfADamagedSnapshotWhenThatIsTheOnlyOne() throws IOException {
        fill(true);
        String older = names("snapshot-").get(0);
        String newest = names("snapshot-").get(1);
        SimulatedDirectory only = directory.without(older);
        byte[] bytes = only.bytes(newest);
        for (int offset = 0; offset < bytes.length; offset++) {
            SimulatedDirectory damaged = only.with(newest, flipped(bytes, offset));
            assertThatThrownBy(() -> LogUser.found(damaged))
                    .isInstanceOfAny(LogDamagedException.class, LogMismatchException.class)
                    .hasMessageContaining(newest);
        }
    }

    @Test
    void refusesWhenTheLogDoesNotReachADamagedSnapshot() throws IOException {
        fill(true);
        SimulatedDirectory behind = logBehindTheNewestSnapshot();
        String newest = names("snapshot-").get(1);
        assertThatThrownBy(() -> LogUser.found(behind.with(newest, new byte[0])))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(newest)
                .hasMessageContaining("neither an older one nor the log");
    }

    /** Without the segments that reach the snapshot, and with half of the one before, as without fsync. */
    private SimulatedDirectory logBehindTheNewestSnapshot() {
        long covered = LogFormat.snapshotIndex(names("snapshot-").get(1));
        SimulatedDirectory cut = directory;
        String last = "";
        for (String segment : names("segment-")) {
            if (LogFormat.segmentIndex(segment) > covered - 6) {
                cut = cut.without(segment);
            } else {
                last = segment;
            }
        }
        byte[] bytes = cut.bytes(last);
        return cut.with(last, Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void neverRevivesWhatLaysBehindACutTail() throws IOException {
        Random smallest = new Random() {
            @Override
            public int nextInt(int bound) {
                return 0;
            }
        };
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            user.batch(1, smallest);
            user.batch(3, smallest);
        }
        String name = newestSegment();
        SimulatedDirectory left = directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1));
        byte[] bytes = left.bytes(name);
        int recordBytes = LogFormat.RECORD_HEADER_BYTES + Long.BYTES;
        SimulatedDirectory torn = left.with(name, flipped(bytes, LogFormat.HEADER_BYTES + recordBytes));
        try (LogUser user = LogUser.start(torn, LogUser.CONFIG)) {
            assertThat(user.written()).containsExactly(1L);
            user.numberFrom(100);
            user.batch(1, smallest);
        }
        // Without the mark behind the new batch, which lies over the beginning of what was cut.
        assertThat(LogUser.found(torn.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1))))
                .containsExactly(1L, 100L);
        assertThat(LogUser.found(torn)).containsExactly(1L, 100L);
    }

    @Test
    void namesAMissingSegmentWhereverItIs() throws IOException {
        fill(true);
        List<String> segments = names("segment-");
        long covered = LogFormat.snapshotIndex(names("snapshot-").get(1));
        assertThat(segments).hasSizeGreaterThan(3);
        int needed = 0;
        for (int i = 0; i < segments.size(); i++) {
            boolean isNeeded = i == segments.size() - 1 || LogFormat.segmentIndex(segments.get(i + 1)) > covered + 1;
            if (isNeeded) {
                String missing = segments.get(i);
                needed++;
                assertThatThrownBy(() -> LogUser.found(directory.without(missing)))
                        .isInstanceOf(LogDamagedException.class)
                        .hasMessageContaining("missing");
            }
        }
        assertThat(needed).isGreaterThan(1);
    }

    /** Of the newest only what is in front of its first record: where it ended cannot be known once its end is gone. */
    @Test
    void namesASegmentThatWasEmptiedOrCut() throws IOException {
        fill(true);
        List<String> segments = names("segment-");
        long covered = LogFormat.snapshotIndex(names("snapshot-").get(1));
        int cuts = 0;
        for (int i = 0; i < segments.size(); i++) {
            boolean newest = i == segments.size() - 1;
            if (!newest && LogFormat.segmentIndex(segments.get(i + 1)) <= covered + 1) {
                continue;
            }
            String name = segments.get(i);
            byte[] bytes = directory.bytes(name);
            int whole = newest ? LogFormat.HEADER_BYTES : lengthWithoutZeros(bytes) - LogFormat.RECORD_HEADER_BYTES;
            for (int length = 0; length < whole; length++) {
                SimulatedDirectory cut = directory.with(name, Arrays.copyOf(bytes, length));
                assertThatThrownBy(() -> LogUser.found(cut))
                        .as("%s cut to %d", name, length)
                        .isInstanceOf(LogDamagedException.class)
                        .hasMessageContaining("/simulated/segment-")
                        .hasMessageContaining("restore it from");
                cuts++;
            }
        }
        assertThat(cuts).isGreaterThan(500);
    }

    @Test
    void namesASegmentThatWasRenamedOrCopied() throws IOException {
        fill(true);
        List<String> segments = names("segment-");
        String name = newestSegment();
        byte[] bytes = directory.bytes(name);
        String other = LogFormat.segmentName(LogFormat.segmentIndex(name) + 1);
        assertThatThrownBy(() -> LogUser.found(directory.without(name).with(other, bytes)))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("segment-");
        assertThatThrownBy(() -> LogUser.found(directory.with(other, directory.bytes(segments.get(0)))))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("segment-");
        assertThatThrownBy(() -> LogUser.found(directory.with(name, directory.bytes(segments.get(0)))))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("was renamed");
    }

    @Test
    void refusesFilesOfAnotherLogAndOfANewerFormat() throws IOException {
        fill(true);
        String name = newestSegment();
        byte[] foreign = headerOfAnotherLog(name);
        assertThatThrownBy(() -> LogUser.found(directory.with(name, foreign)))
                .isInstanceOf(LogMismatchException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("belongs to the log");
        byte[] newer = directory.bytes(name);
        ByteBuffer.wrap(newer).putInt(8, LogFormat.VERSION + 1);
        assertThatThrownBy(() -> LogUser.found(directory.with(name, newer)))
                .isInstanceOf(LogMismatchException.class)
                .hasMessageContaining("format version 2");
    }

    private byte[] headerOfAnotherLog(String name) {
        byte[] bytes = directory.bytes(name);
        LogFormat.Header.of(LogFormat.SEGMENT_MAGIC, new UUID(1, 2), LogFormat.segmentIndex(name))
                .encode(LogFormat.SEGMENT_MAGIC)
                .get(bytes, 0, LogFormat.HEADER_BYTES);
        return bytes;
    }

    @Test
    void startsFromASnapshotThatIsNewerThanTheLog() throws IOException {
        List<Long> all = fill(true);
        long covered = LogFormat.snapshotIndex(names("snapshot-").get(1));
        SimulatedDirectory behind = logBehindTheNewestSnapshot();
        try (Warnings warnings = new Warnings(LogRecovery.class);
                LogUser user = LogUser.start(behind, LogUser.CONFIG)) {
            assertThat(warnings.lines())
                    .singleElement()
                    .asString()
                    .contains("before the snapshot of index " + covered)
                    .contains("With fsync a log never falls behind");
            assertThat(user.written()).isEqualTo(all.subList(0, (int) covered));
            user.batch(2, new Random(3));
            assertThat(user.log().lastIndex()).isEqualTo(covered + 2);
        }
        assertThat(LogUser.found(behind)).hasSize((int) covered + 2);
    }

    @Test
    void startsFromASnapshotAlone() throws IOException {
        List<Long> all = fill(true);
        long covered = LogFormat.snapshotIndex(names("snapshot-").get(1));
        SimulatedDirectory alone = directory;
        for (String segment : names("segment-")) {
            alone = alone.without(segment);
        }
        assertThat(LogUser.found(alone)).isEqualTo(all.subList(0, (int) covered));
    }

    @Test
    void removesFilesThatWereNeverFinishedAndLeavesForeignOnes() throws IOException {
        List<Long> all = fill(true);
        SimulatedDirectory littered = directory
                .with("segment-new.tmp", new byte[10])
                .with("snapshot-00000000000000000007.snap.tmp", new byte[0])
                .with("notes.txt", new byte[3]);
        assertThat(LogUser.found(littered)).isEqualTo(all);
        assertThat(littered.list()).contains("notes.txt").noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    void keepsTheLastSnapshotsAndTheLogBehindTheLastButOne() throws IOException {
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            Random random = new Random(1);
            for (int i = 1; i <= 60; i++) {
                user.batch(3, random);
                if (i % 10 == 0) {
                    user.snapshot();
                }
            }
        }
        assertThat(names("snapshot-")).containsExactly(LogFormat.snapshotName(150), LogFormat.snapshotName(180));
        List<String> segments = names("segment-");
        assertThat(LogFormat.segmentIndex(segments.get(0))).isLessThanOrEqualTo(151);
        assertThat(LogFormat.segmentIndex(segments.get(1))).isGreaterThan(151);
        assertThat(LogUser.found(directory.without(LogFormat.snapshotName(180))))
                .hasSize(180);
    }
}
