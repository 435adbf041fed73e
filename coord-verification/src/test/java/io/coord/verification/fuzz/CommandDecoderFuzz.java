package io.coord.verification.fuzz;

import io.coord.protocol.wire.MalformedRecordException;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What a server reads from its own log, entry by entry. */
public final class CommandDecoderFuzz {
    private static final int FIXED_COST = 512 * 1024;
    private static final int COST_PER_BYTE = 48;
    private static final CommandCodec CODEC = new CommandCodec();

    private CommandDecoderFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        Allocation.atMost(FIXED_COST + (long) COST_PER_BYTE * input.length, "a command", () -> readOrRefuse(input));
        @Nullable Command command = readOrRefuse(input);
        if (command != null) {
            writesAndReadsAsItself(command);
        }
    }

    private static @Nullable Command readOrRefuse(byte[] input) {
        try {
            return CODEC.decode(Unpooled.wrappedBuffer(input));
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    private static void writesAndReadsAsItself(Command command) {
        ByteBuf written = Unpooled.buffer();
        CODEC.encode(command, written);
        Command again = CODEC.decode(written);
        if (!SameValue.isSame(command, again)) {
            throw new AssertionError(command + " became " + again);
        }
        ByteBuf writtenAgain = Unpooled.buffer();
        CODEC.encode(again, writtenAgain);
        if (!ByteBufUtil.equals(written.readerIndex(0), writtenAgain)) {
            throw new AssertionError(command + " is written in two ways");
        }
    }
}
