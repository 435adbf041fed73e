package io.coord.server.ensemble.internal;

import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a member's log before Ratis does, and cuts off what a crash has torn. A member must not forget what it has acknowledged, so
 * it does not start when any of that is damaged or missing:
 *
 * <ul>
 *   <li>A segment that Ratis has closed was synced as a whole.
 *   <li>Of the open one, what {@link SyncedMark} says.
 *   <li>The mark may be some milliseconds behind when the power fails. But Ratis lets no more than {@link
 *       NodeProperties#MOST_UNSYNCED_ENTRIES} entries be written before it syncs them, so an entry is synced, too, when a whole one of
 *       that much higher an index follows.
 *   <li>Where there is no mark, because entries were acknowledged without a sync, any whole entry behind the place counts.
 * </ul>
 *
 * <p>What none of that proves was never acknowledged, and is cut off at the first entry that is not whole.
 */
final class LogCheck {
    static final String WHAT_TO_DO =
            "While all other members run and have caught up, and only then, move this member's data"
                    + " directory away, and start it with an empty one: it gets everything from the leader";

    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);
    private static final Pattern SEGMENT = Pattern.compile("log_(?:(\\d+)-(\\d+)|inprogress_(\\d+))");
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.\\d+_(\\d+)\\.md5");
    private static final int DEPTH = 3;
    private static final int COPY_BYTES = 1 << 20;

    private record Segment(Path file, long first, long last) {
        static final long OPEN = Long.MAX_VALUE;

        boolean isOpen() {
            return last == OPEN;
        }
    }

    private final Path directory;
    private final boolean fsync;
    private final OptionalLong mark;
    private final long synced;
    private final List<Segment> segments = new ArrayList<>();
    private long snapshot = SyncedMark.NOTHING;

    private LogCheck(Path directory, boolean fsync) throws IOException {
        this.directory = directory;
        this.fsync = fsync;
        this.mark = SyncedMark.read(directory);
        this.synced = mark.orElse(SyncedMark.NOTHING);
    }

    /**
     * Reads all segments, makes durable what they hold, and cuts off a torn end.
     *
     * @param directory the member's, which nobody works in
     * @param fsync whether entries will be synced before they are acknowledged
     * @return the mark that stands at the log's end now; null without fsync
     * @throws FileSystemException when something is damaged or missing that this member may have acknowledged, with the file, the offset
     *     and the entry; nothing was changed
     */
    static @Nullable SyncedMark open(Path directory, boolean fsync) throws IOException {
        LogCheck check = new LogCheck(directory, fsync);
        check.find();
        long last = check.checkSegments();
        if (!fsync) {
            SyncedMark.remove(directory);
            return null;
        }
        return SyncedMark.create(directory, Math.max(check.synced, last));
    }

    private void find() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory, DEPTH)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path each : files) {
            String name = name(each);
            Matcher segment = SEGMENT.matcher(name);
            if (segment.matches()) {
                boolean open = segment.group(1) == null;
                segments.add(new Segment(
                        each,
                        Long.parseLong(segment.group(open ? 3 : 1)),
                        open ? Segment.OPEN : Long.parseLong(segment.group(2))));
            }
            Matcher saved = SNAPSHOT.matcher(name);
            if (saved.matches()) {
                snapshot = Math.max(snapshot, Long.parseLong(saved.group(1)));
            }
        }
        segments.sort(Comparator.comparingLong(Segment::first));
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName()).toString();
    }

    /** The last index of the log, {@link SyncedMark#NOTHING} when it is empty. */
    private long checkSegments() throws IOException {
        long next = SyncedMark.NOTHING + 1;
        for (int i = 0; i < segments.size(); i++) {
            Segment each = segments.get(i);
            boolean newest = i == segments.size() - 1;
            // What a snapshot includes may be gone.
            requireNothingMissing(Math.max(next, snapshot + 1), each.first() - 1, each.file());
            long last = newest
                    ? each.last()
                    : Math.min(each.last(), segments.get(i + 1).first() - 1);
            SegmentScan scan = SegmentScan.of(each.file(), each.first(), last, synced);
            if (each.isOpen() && newest) {
                next = endOpen(scan);
            } else if (scan.next() <= last) {
                throw damaged(scan);
            } else {
                next = scan.next();
            }
        }
        requireNothingMissing(Math.max(next, snapshot + 1), synced, directory);
        return next - 1;
    }

    private static void requireNothingMissing(long from, long to, Path where) throws FileSystemException {
        if (from <= to) {
            throw new FileSystemException(
                    where.toString(),
                    null,
                    "entries " + from + " to " + to
                            + " of this member's log are missing. It has acknowledged them, so it does not go"
                            + " on without them. " + WHAT_TO_DO);
        }
    }

    private static FileSystemException damaged(SegmentScan scan) {
        return new FileSystemException(
                scan.file().toString(),
                null,
                (scan.end() == 0 ? "the header" : "entry " + scan.next()) + " at offset " + scan.end()
                        + " is damaged. This member has acknowledged what stands there, or what follows it, so it does not go on without"
                        + " it. " + WHAT_TO_DO);
    }

    /** The index behind the last entry that stays. */
    private long endOpen(SegmentScan scan) throws IOException {
        LogDirectory in =
                new DiskLogDirectory(Objects.requireNonNull(scan.file().getParent()));
        try (LogFile file = in.open(name(scan.file()))) {
            if (!scan.clean()) {
                if (isProvenSynced(scan, file)) {
                    throw damaged(scan);
                }
                LOG.info(
                        "Cut {} bytes off {} at offset {}: a write behind index {} that a crash had left unfinished",
                        file.size() - scan.end(),
                        scan.file(),
                        scan.end(),
                        scan.next() - 1);
                file.truncateDurably(scan.end());
            } else {
                requireNothingMissing(Math.max(scan.next(), snapshot + 1), synced, scan.file());
            }
            if (fsync) {
                makeDurable(scan, file);
                in.sync();
            }
        }
        return scan.next();
    }

    private boolean isProvenSynced(SegmentScan scan, LogFile file) throws IOException {
        if (synced >= scan.next()) {
            return true;
        }
        boolean syncedBefore = fsync && mark.isPresent();
        long proof = scan.next() + (syncedBefore ? NodeProperties.MOST_UNSYNCED_ENTRIES : 0);
        return EntrySearch.finds(file, scan.end(), proof);
    }

    /**
     * Ratis takes for synced what it reads, and acknowledges it. It may be in the system's memory only, and after a failed sync the system
     * takes it for written: so it is written again.
     */
    private static void makeDurable(SegmentScan scan, LogFile file) throws IOException {
        ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES);
        for (long at = scan.unsynced(); at < scan.end(); at += COPY_BYTES) {
            copy.clear().limit((int) Math.min(COPY_BYTES, scan.end() - at));
            if (file.read(copy, at) < copy.limit()) {
                throw new IOException(scan.file() + " became shorter while it was read");
            }
            file.write(copy.flip(), at);
        }
        file.sync();
    }
}
