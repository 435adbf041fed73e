package io.coord.server.ensemble.internal;

import io.coord.server.internal.log.LogFile;
import io.coord.server.internal.log.PrefixChecksums;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks for whole entries behind a place where there is none. Costs a few comparisons for each byte, and two blocks of checksumming for
 * each place that looks like the beginning of one, however long that one would be: clients choose most of these bytes.
 */
final class EntrySearch {
    private static final int WINDOW_BYTES = 1 << 20;

    private final LogFile file;
    private final long from;
    private final long size;
    private final PrefixChecksums checksums;
    private final ByteBuffer stored = ByteBuffer.allocate(Integer.BYTES);

    private EntrySearch(LogFile file, long from) throws IOException {
        this.file = file;
        this.from = from;
        this.size = file.size();
        this.checksums = new PrefixChecksums(file, from);
    }

    /** Whether a whole entry of an index, or a higher one, lies anywhere behind an offset. */
    static boolean finds(LogFile file, long from, long leastIndex) throws IOException {
        return new EntrySearch(file, from).search(leastIndex);
    }

    private boolean search(long leastIndex) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES);
        int step = WINDOW_BYTES - EntryHead.MOST_BYTES;
        for (long start = from; start < size; start += step) {
            int read = file.read(window.clear(), start);
            for (int i = 0; i < Math.min(read, step); i++) {
                if (window.get(i) != 0 && isEntry(window.limit(read).position(i), start + i, leastIndex)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isEntry(ByteBuffer window, long at, long leastIndex) throws IOException {
        int begin = window.position();
        long index = EntryHead.indexOf(window);
        // Each entry takes more than a byte, so no segment reaches further.
        if (index < leastIndex || index - leastIndex > size) {
            return false;
        }
        window.position(begin);
        long length = EntryHead.readVarint(window);
        long end = at + (window.position() - begin) + length;
        if (end < at || end + Integer.BYTES > size) {
            return false;
        }
        file.read(stored.clear(), end);
        return checksums.following(0, at, end) == stored.getInt(0);
    }
}
