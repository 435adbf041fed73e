package io.coord.verification.fuzz;

import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record's two directions. Any bytes either are refused as malformed, or make a value that reads and writes as itself from
 * then on.
 *
 * @param name for messages
 */
record WireForm<T>(String name, Function<WireReader, T> decode, BiConsumer<T, WireWriter> encode) {
    /** Less than the frames that a length may claim; the fuzzer itself allocates some of it. */
    private static final int FIXED_COST = 512 * 1024;
    /** Four bytes of a frame may be an empty string, or a twelfth of an ACL. */
    private static final int COST_PER_BYTE = 48;

    /** @param direct whether the bytes lie outside the heap, as they come from a socket */
    void check(byte[] input, int offset, boolean direct) {
        int length = input.length - offset;
        ByteBuf frame = direct
                ? PooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(input, offset, length)
                : Unpooled.wrappedBuffer(input, offset, length);
        try {
            // Of a pooled buffer the leak detection keeps each access with its stack, which is not the decoder's doing.
            ByteBuf untracked = Unpooled.wrappedBuffer(input, offset, length);
            Allocation.atMost(
                    FIXED_COST + (long) COST_PER_BYTE * length, name, () -> readOrRefuse(untracked.readerIndex(0)));
            @Nullable T value = readOrRefuse(frame);
            if (value != null) {
                writesAndReadsAsItself(value);
            }
        } finally {
            frame.release();
        }
    }

    private @Nullable T readOrRefuse(ByteBuf frame) {
        try {
            return decode.apply(new WireReader(frame));
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    private void writesAndReadsAsItself(T value) {
        ByteBuf written = write(value);
        int bytes = written.readableBytes();
        T again = decode.apply(new WireReader(written));
        if (written.isReadable()) {
            throw new AssertionError(
                    name + ": " + written.readableBytes() + " of " + bytes + " bytes are not read again");
        }
        if (!SameValue.isSame(value, again)) {
            throw new AssertionError(name + ": " + value + " became " + again);
        }
        if (!ByteBufUtil.equals(written.readerIndex(0), write(again))) {
            throw new AssertionError(name + ": " + value + " is written in two ways");
        }
    }

    private ByteBuf write(T value) {
        ByteBuf out = Unpooled.buffer();
        encode.accept(value, new WireWriter(out));
        return out;
    }
}
