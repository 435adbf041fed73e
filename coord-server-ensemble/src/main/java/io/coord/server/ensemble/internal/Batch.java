package io.coord.server.ensemble.internal;

import io.coord.protocol.wire.MalformedRecordException;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands of this member that are on their way together, with their tickets. Owner thread. */
final class Batch {
    static final int MOST_COMMANDS = 256;
    static final int MOST_BYTES = 1 << 20;

    /** A command under way, and whose it is. */
    record Submission(Command command, long ticket) {}

    final long number;
    final List<Submission> submissions = new ArrayList<>();

    Batch(long number) {
        this.number = number;
    }

    /**
     * Takes commands from the front of a list, as many as one entry may hold, and writes them behind a header.
     *
     * @param waiting what is taken is removed
     */
    byte[] fill(List<Submission> waiting, long term, long life, long stream, CommandCodec codec) {
        ByteBuf commands = Unpooled.buffer(Math.min(waiting.size(), MOST_COMMANDS) * 128);
        int taken = 0;
        while (taken < waiting.size() && taken < MOST_COMMANDS && commands.writerIndex() < MOST_BYTES) {
            Submission each = waiting.get(taken++);
            int lengthAt = commands.writerIndex();
            commands.writeInt(0);
            codec.encode(each.command(), commands);
            commands.setInt(lengthAt, commands.writerIndex() - lengthAt - Integer.BYTES);
            submissions.add(each);
        }
        waiting.subList(0, taken).clear();
        ByteBuf entry = Unpooled.buffer(64 + commands.readableBytes());
        new BatchHeader(term, life, stream, number, taken).write(entry);
        entry.writeBytes(commands);
        return Arrays.copyOf(entry.array(), entry.writerIndex());
    }

    /**
     * The commands behind a header.
     *
     * @throws MalformedRecordException when they are not what the header says
     */
    static List<Command> read(BatchHeader header, ByteBuf in, CommandCodec codec) {
        List<Command> commands = new ArrayList<>(Math.max(0, Math.min(header.count(), MOST_COMMANDS)));
        for (int i = 0; i < header.count(); i++) {
            int length = in.readableBytes() < Integer.BYTES ? -1 : in.readInt();
            if (length < 0 || length > in.readableBytes()) {
                throw new MalformedRecordException(
                        "command " + i + " of " + header + " has " + length + " bytes of " + in.readableBytes());
            }
            commands.add(codec.decode(in.readSlice(length)));
        }
        if (in.isReadable()) {
            throw new MalformedRecordException(in.readableBytes() + " bytes behind the end of " + header);
        }
        return commands;
    }
}
