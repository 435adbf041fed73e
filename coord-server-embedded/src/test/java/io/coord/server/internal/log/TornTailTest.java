package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What it costs to tell that a torn tail proves nothing, counted in bytes that go through a checksum. */
class TornTailTest {
    private static final String NAME = LogFormat.segmentName(1);

    private final SimulatedDirectory directory = new SimulatedDirectory();

    /** One confirmed entry, and behind it a tail. */
    private SimulatedDirectory withTail(byte[] tail) throws IOException {
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG.withZeroFill(false))) {
            user.batch(1, new Random(1));
            user.log().confirm();
        }
        byte[] whole = directory.bytes(NAME);
        byte[] torn = Arrays.copyOf(whole, whole.length + tail.length);
        System.arraycopy(tail, 0, torn, whole.length, tail.length);
        return directory.with(NAME, torn);
    }

    private static long searchBytes(SimulatedDirectory torn) throws IOException {
        try (SegmentReader reader = SegmentReader.open(torn, 1, null)) {
            assertThat(reader.next(1)).isTrue();
            assertThat(reader.next(2)).isTrue();
            assertThat(reader.next(2)).isFalse();
            assertThat(reader.provesSynced(2)).isFalse();
            return reader.searchBytes();
        }
    }

    @Test
    void looksAtNoRecordInARandomTailOf16Megabytes() throws IOException {
        byte[] tail = new byte[16 << 20];
        new Random(1).nextBytes(tail);
        SimulatedDirectory torn = withTail(tail);
        assertThat(searchBytes(torn)).isZero();
        assertThat(LogUser.found(torn)).containsExactly(1L);
    }

    /** A client chose its values so that each 24 bytes look like a record that reaches to the end. */
    @Test
    void paysNoMoreThanTwoBlocksForEachThingThatLooksLikeALongRecord() throws IOException {
        ByteBuffer tail = ByteBuffer.allocate(24 * 40_000);
        int records = 0;
        while (tail.hasRemaining()) {
            int length = tail.remaining() - LogFormat.RECORD_HEADER_BYTES;
            tail.putInt(records).putInt(LogFormat.kindAndLength(LogFormat.ENTRY, length));
            tail.putLong(3 + records).putLong(2);
            records++;
        }
        assertThat(searchBytes(withTail(tail.array())))
                .isBetween((long) records, tail.capacity() + 2L * records * PrefixChecksums.BLOCK_BYTES);
    }
}
