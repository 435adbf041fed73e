package io.coord.server.internal.replication;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands as bytes, in jute's primitive types: version 1, kind 1, time 8, then the kind's own fields. Requests are written
 * as on the wire, behind their opcode. Not thread-safe: an instance reuses its reader and writer.
 *
 * <p>The bytes outlive the process. A change of the layout needs a new version, and decode goes on reading the older ones.
 */
public final class CommandCodec {
    private static final byte VERSION = 1;

    /** Of {@link Command.Rules#FIRST}; read still. */
    private static final byte FIRST_WRITE = 1;

    private static final byte CREATE_SESSION = 2;
    private static final byte ATTACH_SESSION = 3;
    private static final byte CLOSE_SESSION = 4;
    /** Written by versions that knew no other reason to remove a znode; read still. */
    private static final byte DELETE_CONTAINER = 5;

    private static final byte REAP_ZNODE = 6;
    private static final byte WRITE = 7;
    private static final byte WRITE_WITHIN_QUOTAS = 8;
    private static final byte BARRIER = 9;
    private static final byte RECONFIG = 10;
    private static final byte END_RECONFIG = 11;
    private static final byte NAME_MEMBERS = 12;

    private static final int HEADER_BYTES = 2;
    private static final int MIN_ID_BYTES = 8;

    private @Nullable WireWriter writer;
    private @Nullable WireReader reader;
    /** Writes of one session follow each other, and nearly all clients are known by an address alone: read once. */
    private byte[] lastIdsWire = {};

    private List<Id> lastIds = List.of();

    /**
     * Appends a command.
     *
     * @throws IllegalArgumentException when a {@link Command.Write} carries a request that is not a write of its own
     */
    public void encode(Command command, ByteBuf out) {
        WireWriter to = writerTo(out);
        if (command instanceof Command.Write c) {
            checkWrite(c.request().op());
            begin(out, to, kindOf(c.rules()), c.timeMs());
            to.writeLong(c.sessionId());
            to.writeInt(c.attachment());
            encodeIds(c.ids(), to);
            to.writeInt(c.request().op().code());
            c.request().encode(to);
        } else if (command instanceof Command.CreateSession c) {
            begin(out, to, CREATE_SESSION, c.timeMs());
            to.writeInt(c.timeoutMs());
            to.writeBuffer(c.password());
        } else if (command instanceof Command.AttachSession c) {
            begin(out, to, ATTACH_SESSION, c.timeMs());
            to.writeLong(c.sessionId());
            to.writeInt(c.timeoutMs());
            to.writeBuffer(c.password());
        } else if (command instanceof Command.CloseSession c) {
            begin(out, to, CLOSE_SESSION, c.timeMs());
            to.writeLong(c.sessionId());
            to.writeInt(c.attachment());
            to.writeBool(c.expired());
        } else if (command instanceof Command.ReapZnode c) {
            begin(out, to, REAP_ZNODE, c.timeMs());
            to.writeString(c.path());
            to.writeLong(c.maxNeverUsedMs());
        } else if (command instanceof Command.Barrier c) {
            begin(out, to, BARRIER, c.timeMs());
        } else if (command instanceof Command.Reconfig c) {
            begin(out, to, RECONFIG, c.timeMs());
            to.writeLong(c.sessionId());
            to.writeInt(c.attachment());
            encodeIds(c.ids(), to);
            to.writeInt(c.leastVoters());
            c.request().encode(to);
        } else if (command instanceof Command.EndReconfig c) {
            begin(out, to, END_RECONFIG, c.timeMs());
            to.writeLong(c.id());
            to.writeBool(c.done());
        } else if (command instanceof Command.NameMembers c) {
            begin(out, to, NAME_MEMBERS, c.timeMs());
            to.writeLong(c.version());
            to.writeString(c.members());
        } else {
            throw new IllegalArgumentException("no encoding for " + command.getClass());
        }
    }

    /**
     * Reads the command that the buffer holds, to its last byte.
     *
     * @throws MalformedRecordException when it holds anything else
     */
    public Command decode(ByteBuf in) {
        if (in.readableBytes() < HEADER_BYTES) {
            throw new MalformedRecordException("a command of " + in.readableBytes() + " bytes");
        }
        byte version = in.readByte();
        if (version != VERSION) {
            throw new MalformedRecordException(
                    "a command in format " + version + ", this Coord reads format " + VERSION);
        }
        byte kind = in.readByte();
        WireReader from = readerOf(in);
        Command command = decode(kind, from.readLong(), from, in);
        if (from.remaining() > 0) {
            throw new MalformedRecordException(from.remaining() + " bytes behind the end of a command");
        }
        return command;
    }

    private Command decode(byte kind, long timeMs, WireReader in, ByteBuf bytes) {
        return switch (kind) {
            case FIRST_WRITE -> decodeWrite(timeMs, Command.Rules.FIRST, in, bytes);
            case WRITE -> decodeWrite(timeMs, Command.Rules.QUOTAS_TOLD, in, bytes);
            case WRITE_WITHIN_QUOTAS -> decodeWrite(timeMs, Command.Rules.QUOTAS_ENFORCED, in, bytes);
            case CREATE_SESSION -> new Command.CreateSession(timeMs, in.readInt(), readPassword(in));
            case ATTACH_SESSION -> new Command.AttachSession(timeMs, in.readLong(), in.readInt(), readPassword(in));
            case CLOSE_SESSION -> new Command.CloseSession(timeMs, in.readLong(), in.readInt(), in.readBool());
            case DELETE_CONTAINER -> new Command.ReapZnode(timeMs, in.readString(), 0);
            case REAP_ZNODE -> new Command.ReapZnode(timeMs, in.readString(), in.readLong());
            case BARRIER -> new Command.Barrier(timeMs);
            case RECONFIG -> decodeReconfig(timeMs, in, bytes);
            case END_RECONFIG -> new Command.EndReconfig(timeMs, in.readLong(), in.readBool());
            case NAME_MEMBERS -> new Command.NameMembers(timeMs, in.readLong(), in.readString());
            default -> throw new MalformedRecordException("a command of unknown kind " + kind);
        };
    }

    private static byte kindOf(Command.Rules rules) {
        return switch (rules) {
            case FIRST -> FIRST_WRITE;
            case QUOTAS_TOLD -> WRITE;
            case QUOTAS_ENFORCED -> WRITE_WITHIN_QUOTAS;
        };
    }

    private Command decodeWrite(long timeMs, Command.Rules rules, WireReader in, ByteBuf bytes) {
        return new Command.Write(timeMs, in.readLong(), in.readInt(), decodeIds(in, bytes), rules, decodeRequest(in));
    }

    private Command decodeReconfig(long timeMs, WireReader in, ByteBuf bytes) {
        long sessionId = in.readLong();
        int attachment = in.readInt();
        List<Id> ids = decodeIds(in, bytes);
        int leastVoters = in.readInt();
        return new Command.Reconfig(
                timeMs, sessionId, attachment, ids, leastVoters, (ReconfigRequest) Request.decode(OpCode.RECONFIG, in));
    }

    private static void begin(ByteBuf out, WireWriter to, byte kind, long timeMs) {
        out.writeByte(VERSION);
        out.writeByte(kind);
        to.writeLong(timeMs);
    }

    private static void encodeIds(List<Id> ids, WireWriter to) {
        to.writeInt(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            ids.get(i).encode(to);
        }
    }

    private List<Id> decodeIds(WireReader in, ByteBuf bytes) {
        if (lastIdsWire.length > 0 && in.skip(lastIdsWire)) {
            return lastIds;
        }
        int start = bytes.readerIndex();
        @Nullable List<Id> ids = in.readNullableVector(MIN_ID_BYTES, Id::decode);
        if (ids == null) {
            throw new MalformedRecordException("a write without its list of identities");
        }
        lastIdsWire = new byte[bytes.readerIndex() - start];
        bytes.getBytes(start, lastIdsWire);
        lastIds = List.copyOf(ids);
        return lastIds;
    }

    private static Request decodeRequest(WireReader in) {
        int code = in.readInt();
        @Nullable OpCode op = OpCode.of(code);
        if (op == null || !isWrite(op)) {
            throw new MalformedRecordException("operation " + code + " in a write");
        }
        return Request.decode(op, in);
    }

    private static byte[] readPassword(WireReader in) {
        byte @Nullable [] password = in.readBuffer();
        if (password == null) {
            throw new MalformedRecordException("a session without a password");
        }
        return password;
    }

    private static void checkWrite(OpCode op) {
        if (!isWrite(op)) {
            throw new IllegalArgumentException(op + " is not a write");
        }
    }

    private static boolean isWrite(OpCode op) {
        return switch (op) {
            case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, DELETE, SET_DATA, SET_ACL, MULTI -> true;
            case EXISTS,
                    GET_DATA,
                    GET_ACL,
                    GET_CHILDREN,
                    GET_CHILDREN2,
                    GET_ALL_CHILDREN_NUMBER,
                    GET_EPHEMERALS,
                    MULTI_READ,
                    SYNC,
                    PING,
                    CHECK,
                    RECONFIG,
                    CHECK_WATCHES,
                    REMOVE_WATCHES,
                    AUTH,
                    SASL,
                    WHO_AM_I,
                    SET_WATCHES,
                    SET_WATCHES2,
                    ADD_WATCH,
                    CLOSE_SESSION -> false;
        };
    }

    private WireWriter writerTo(ByteBuf out) {
        if (writer == null) {
            writer = new WireWriter(out);
        }
        return writer.reset(out);
    }

    private WireReader readerOf(ByteBuf in) {
        if (reader == null) {
            reader = new WireReader(in);
        }
        return reader.reset(in);
    }
}
