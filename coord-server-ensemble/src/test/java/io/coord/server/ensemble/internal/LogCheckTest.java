package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The log that Ratis itself has written, whole, torn and damaged. */
class LogCheckTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(LogCheck.class);
    private static final String OPEN = "log_inprogress_0";
    private static final int WRITES = 300;
    private static final int ZEROS = 2_000;

    @TempDir
    static Path written;

    /** An open segment as a running member has it, but for most of the zeros behind its last entry. */
    private static byte[] segment;
    /** Where each entry ends. */
    private static List<Integer> ends;

    private static long last;

    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @BeforeAll
    static void writeSegment() throws Exception {
        LOG.setLevel(Level.WARN);
        Members members = new Members(written, 1, 0, 100_000).withFsync();
        members.startAll();
        ZooKeeper client = members.client(1);
        client.create("/small", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < WRITES; i++) {
            client.setData("/small", new byte[] {(byte) i, 1}, -1);
        }
        Path log = members.directory(1).resolve("ensemble");
        Path file;
        try (Stream<Path> files = Files.walk(log)) {
            file = files.filter(each -> each.endsWith(OPEN)).findFirst().orElseThrow();
        }
        SegmentScan whole = SegmentScan.of(file, 0, Long.MAX_VALUE, SyncedMark.NOTHING);
        last = whole.next() - 1;
        // Whoever has an answer may rely on it.
        assertThat(SyncedMark.read(log)).isEqualTo(OptionalLong.of(last));
        assertThat(whole.clean()).isTrue();
        assertThat(last).isGreaterThanOrEqualTo(WRITES);
        segment = Arrays.copyOf(Files.readAllBytes(file), (int) whole.end() + ZEROS);
        members.closeAll();
        ends = new ArrayList<>();
        for (long index = 0; index <= last; index++) {
            ends.add((int) SegmentScan.of(file, 0, index, SyncedMark.NOTHING).end());
        }
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    private Path put(byte[] content) throws IOException {
        Path file = Files.createDirectories(directory.resolve("group").resolve("current"))
                .resolve(OPEN);
        return Files.write(file, content);
    }

    private void mark(long synced) throws IOException {
        SyncedMark.create(directory, synced).close();
    }

    private long check() throws IOException {
        try (SyncedMark mark = LogCheck.open(directory, true)) {
            assertThat(mark).isNotNull();
        }
        return SyncedMark.read(directory).orElseThrow();
    }

    private static byte[] flipped(byte[] content, int offset) {
        byte[] damaged = content.clone();
        damaged[offset] = (byte) ~damaged[offset];
        return damaged;
    }

    private static int end() {
        return ends.get((int) last);
    }

    /** Every byte of the header and the first entry, and of the last one, and many between. */
    private static List<Integer> places() {
        List<Integer> places = new ArrayList<>();
        for (int offset = 0; offset < end(); offset++) {
            if (offset < ends.get(0) || offset >= ends.get((int) last - 1) || offset % 97 == 0) {
                places.add(offset);
            }
        }
        return places;
    }

    @Test
    void anOpenSegmentStaysAsItIs() throws IOException {
        Path file = put(segment);
        mark(last);

        assertThat(check()).isEqualTo(last);
        assertThat(Files.readAllBytes(file)).isEqualTo(segment);
    }

    @Test
    void aFlippedByteInWhatWasSyncedStopsTheStartWhereverItIs() throws IOException {
        mark(last);
        for (int offset : places()) {
            byte[] damaged = flipped(segment, offset);
            Path file = put(damaged);
            int entry = (int) ends.stream().filter(each -> each <= offset).count();
            String place = offset < 8 ? "the header at offset 0" : "entry " + entry + " at offset ";
            assertThatThrownBy(this::check)
                    .as("offset " + offset)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(place)
                    .hasMessageContaining("move this member's data directory away");
            assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
        }
    }

    @Test
    void whereTheMarkIsBehindAByteThatWasFlippedIsNamedOrItsEntryIsNotFollowedByAsManyAsMayBeUnsynced()
            throws IOException {
        long synced = last - 200;
        int proven = ends.get((int) last - NodeProperties.MOST_UNSYNCED_ENTRIES);
        for (int offset : places()) {
            mark(synced);
            Path file = put(flipped(segment, offset));
            if (offset < proven) {
                assertThatThrownBy(this::check).as("offset " + offset).isInstanceOf(FileSystemException.class);
            } else {
                int entry = (int) ends.stream().filter(each -> each <= offset).count();
                assertThat(check()).as("offset " + offset).isEqualTo(entry - 1);
                assertThat(Files.readAllBytes(file)).isEqualTo(Arrays.copyOf(segment, ends.get(entry - 1)));
            }
        }
    }

    @Test
    void withoutAMarkAnyWholeEntryBehindAFlippedByteCounts() throws IOException {
        for (int offset : places()) {
            Path file = put(flipped(segment, offset));
            Files.deleteIfExists(directory.resolve("synced"));
            if (offset < ends.get((int) last - 1)) {
                assertThatThrownBy(this::check).as("offset " + offset).isInstanceOf(FileSystemException.class);
            } else {
                assertThat(check()).isEqualTo(last - 1);
                assertThat(Files.size(file)).isEqualTo(ends.get((int) last - 1).longValue());
            }
        }
    }

    @Test
    void withoutFsyncNothingIsKnownToBeSynced() throws IOException {
        mark(3);
        put(flipped(segment, ends.get(10) + 5));
        assertThatThrownBy(() -> LogCheck.open(directory, false)).isInstanceOf(FileSystemException.class);

        put(Arrays.copyOf(segment, end() - 1));
        assertThat(LogCheck.open(directory, false)).isNull();
        assertThat(SyncedMark.read(directory)).isEmpty();
    }

    /** The index of the last entry that is as it was: what was torn off may be zeros, and be there again. */
    private int wholeEntries(byte[] content) {
        int whole = 0;
        while (whole + 1 < ends.size()
                && ends.get(whole + 1) <= content.length
                && Arrays.equals(content, 0, ends.get(whole + 1), segment, 0, ends.get(whole + 1))) {
            whole++;
        }
        return whole;
    }

    @Test
    void aTornEndIsCutAtEveryLengthAndNothingElseIs() throws IOException {
        int from = ends.get((int) last - 2);
        for (int length = from; length <= end(); length++) {
            byte[] rest = Arrays.copyOf(segment, length);

            for (byte[] each : List.of(rest, Arrays.copyOf(rest, segment.length), filled(rest))) {
                mark(last - 2);
                Path file = put(each);
                int whole = wholeEntries(each);
                assertThat(check()).as("length " + length).isEqualTo(whole);
                assertThat(Arrays.copyOf(Files.readAllBytes(file), ends.get(whole)))
                        .isEqualTo(Arrays.copyOf(segment, ends.get(whole)));

                mark(last);
                put(each);
                if (whole < last) {
                    assertThatThrownBy(this::check).as("length " + length).isInstanceOf(FileSystemException.class);
                }
            }
        }
    }

    /** What a disk may hold behind the end of what arrived there. */
    private static byte[] filled(byte[] torn) {
        byte[] filled = Arrays.copyOf(torn, segment.length);
        Arrays.fill(filled, torn.length, filled.length, (byte) 0x5a);
        return filled;
    }

    @Test
    void aFlippedByteBehindTheEndIsNoEntry() throws IOException {
        Path file = put(flipped(segment, end() + 700));
        mark(last);

        assertThat(check()).isEqualTo(last);
        assertThat(Files.size(file)).isEqualTo(end());
    }

    @Test
    void aSegmentOfWhichOnlyAPartOfTheHeaderArrivedHoldsNothing() throws IOException {
        for (int length = 0; length < 8; length++) {
            mark(SyncedMark.NOTHING);
            put(Arrays.copyOf(Arrays.copyOf(segment, length), 4_096));
            assertThat(check()).isEqualTo(SyncedMark.NOTHING);
        }
    }

    @Test
    void whatWasSyncedMustBeThere() throws IOException {
        mark(last);
        assertThatThrownBy(this::check)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("entries 0 to " + last + " of this member's log are missing");

        put(Arrays.copyOf(segment, ends.get((int) last - 1)));
        assertThatThrownBy(this::check).hasMessageContaining("entries " + last + " to " + last);

        // A snapshot has it.
        Path snapshots = Files.createDirectories(directory.resolve("group").resolve("sm"));
        Files.createFile(snapshots.resolve("snapshot.1_" + last + ".md5"));
        assertThat(check()).isEqualTo(last);
    }

    @Test
    void aDamagedMarkStopsTheStart() throws IOException {
        put(segment);
        mark(last);
        Path file = directory.resolve("synced");
        byte[] content = Files.readAllBytes(file);
        for (int offset = 0; offset < 20; offset++) {
            Files.write(file, flipped(content, offset));
            assertThatThrownBy(this::check)
                    .as("offset " + offset)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("synced: it is damaged");
        }
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), offset);
        }
    }

    @Test
    void aFlippedByteInAClosedSegmentIsNamedWhereverItIs() throws Exception {
        Members members = new Members(directory, 1, 0, 100_000);
        members.startAll();
        ZooKeeper client = members.client(1);
        client.create("/big", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < 24; i++) {
            client.setData("/big", new byte[900_000], -1);
        }
        members.closeAll();
        Path log = members.directory(1).resolve("ensemble");
        LogCheck.open(log, false);

        Path closed;
        try (Stream<Path> files = Files.walk(log)) {
            closed = files.filter(each -> each.getFileName().toString().matches("log_\\d+-\\d+"))
                    .findFirst()
                    .orElseThrow();
        }
        long size = Files.size(closed);
        assertThat(size).isGreaterThan(10_000_000);
        for (long offset : new long[] {0, 8, 9, 40, size / 2, size - 1}) {
            flip(closed, offset);
            assertThatThrownBy(() -> LogCheck.open(log, false))
                    .as("offset " + offset)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(closed.getFileName().toString())
                    .hasMessageContaining(" is damaged");
            flip(closed, offset);
        }
        LogCheck.open(log, false);
        try (FileChannel channel = FileChannel.open(closed, StandardOpenOption.WRITE)) {
            channel.truncate(size - 100);
        }
        assertThatThrownBy(() -> LogCheck.open(log, false)).isInstanceOf(FileSystemException.class);
        Files.delete(closed);
        assertThatThrownBy(() -> LogCheck.open(log, false))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("are missing");
    }
}
