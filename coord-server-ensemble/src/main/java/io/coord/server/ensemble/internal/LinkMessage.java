package io.coord.server.ensemble.internal;

import io.coord.protocol.wire.MalformedRecordException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What members say to each other beside the log. On the wire: length 4, kind 1, then the fields. */
sealed interface LinkMessage {
    /**
     * First of all, by whoever connects.
     *
     * @param ensemble of its own; another one is not listened to
     */
    record Hello(UUID ensemble, int from) implements LinkMessage {}

    /**
     * By a member to whom it takes for the leader.
     *
     * @param sentNanos on its own clock
     */
    record Ping(long sentNanos) implements LinkMessage {}

    /**
     * The answer.
     *
     * @param pingedNanos of the ping
     * @param term that the sender leads; {@link LeaderIntake#NONE} when it does not
     * @param commitIndex of its log
     */
    record Pong(long pingedNanos, long term, long commitIndex) implements LinkMessage {}

    /** What a member wants in the log: a {@link BatchHeader} and commands. */
    record Submitted(byte[] entry) implements LinkMessage {}

    /** Nothing more of a member's stream gets into the log, and nobody knows of what was under way. */
    record Broken(long life, long stream) implements LinkMessage {}

    /** Sessions that a follower has heard of. */
    record Touched(long term, long[] sessions) implements LinkMessage {}

    /**
     * Whoever has connected does not belong to the ensemble.
     *
     * @param members who do, as {@code /zookeeper/config} has it
     */
    record NotMember(String members) implements LinkMessage {}

    int VERSION = 1;

    /** Without the length. */
    static void write(LinkMessage message, ByteBuf out) {
        if (message instanceof Hello m) {
            out.writeByte(Kind.HELLO.code);
            out.writeInt(VERSION);
            out.writeLong(m.ensemble.getMostSignificantBits());
            out.writeLong(m.ensemble.getLeastSignificantBits());
            out.writeInt(m.from);
        } else if (message instanceof Ping m) {
            out.writeByte(Kind.PING.code);
            out.writeLong(m.sentNanos);
        } else if (message instanceof Pong m) {
            out.writeByte(Kind.PONG.code);
            out.writeLong(m.pingedNanos);
            out.writeLong(m.term);
            out.writeLong(m.commitIndex);
        } else if (message instanceof Submitted m) {
            out.writeByte(Kind.SUBMITTED.code);
            out.writeBytes(m.entry);
        } else if (message instanceof Broken m) {
            out.writeByte(Kind.BROKEN.code);
            out.writeLong(m.life);
            out.writeLong(m.stream);
        } else if (message instanceof Touched m) {
            out.writeByte(Kind.TOUCHED.code);
            out.writeLong(m.term);
            out.writeInt(m.sessions.length);
            for (long each : m.sessions) {
                out.writeLong(each);
            }
        } else if (message instanceof NotMember m) {
            out.writeByte(Kind.NOT_MEMBER.code);
            out.writeCharSequence(m.members, StandardCharsets.UTF_8);
        } else {
            throw new IllegalArgumentException("no encoding for " + message.getClass());
        }
    }

    /**
     * Reads what the buffer holds, to its last byte.
     *
     * @throws MalformedRecordException when it holds anything else
     */
    static LinkMessage read(ByteBuf in) {
        try {
            LinkMessage message = readBody(in);
            if (in.isReadable()) {
                throw new MalformedRecordException(in.readableBytes() + " bytes behind the end of a message");
            }
            return message;
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedRecordException("a message that ends too soon");
        }
    }

    private static LinkMessage readBody(ByteBuf in) {
        return switch (Kind.of(in.readByte())) {
            case HELLO -> {
                int version = in.readInt();
                if (version != VERSION) {
                    throw new MalformedRecordException("a member that speaks version " + version + ", not " + VERSION);
                }
                yield new Hello(new UUID(in.readLong(), in.readLong()), in.readInt());
            }
            case PING -> new Ping(in.readLong());
            case PONG -> new Pong(in.readLong(), in.readLong(), in.readLong());
            case SUBMITTED -> {
                byte[] entry = new byte[in.readableBytes()];
                in.readBytes(entry);
                yield new Submitted(entry);
            }
            case BROKEN -> new Broken(in.readLong(), in.readLong());
            case TOUCHED -> {
                long term = in.readLong();
                int count = in.readInt();
                if (count < 0 || (long) count * Long.BYTES != in.readableBytes()) {
                    throw new MalformedRecordException(count + " sessions in " + in.readableBytes() + " bytes");
                }
                long[] sessions = new long[count];
                for (int i = 0; i < count; i++) {
                    sessions[i] = in.readLong();
                }
                yield new Touched(term, sessions);
            }
            case NOT_MEMBER ->
                new NotMember(in.readCharSequence(in.readableBytes(), StandardCharsets.UTF_8)
                        .toString());
        };
    }

    /** Told apart on the wire by their codes. */
    enum Kind {
        HELLO(0),
        PING(1),
        PONG(2),
        SUBMITTED(3),
        BROKEN(4),
        TOUCHED(5),
        NOT_MEMBER(6);

        final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) {
            for (Kind each : values()) {
                if (each.code == code) {
                    return each;
                }
            }
            throw new MalformedRecordException("a message of unknown kind " + code);
        }
    }
}
