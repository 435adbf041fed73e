package io.coord.server.internal.migration;

import io.coord.protocol.data.Acl;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.server.internal.tree.Znode;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes of ZooKeeper's log to a {@link Transaction}. What follows the record, a digest from 3.6 on, is not read. */
final class TransactionDecoder {
    private static final int ERROR = -1;
    private static final int CREATE = 1;
    private static final int DELETE = 2;
    private static final int SET_DATA = 5;
    private static final int SET_ACL = 7;
    private static final int CHECK = 13;
    private static final int MULTI = 14;
    private static final int CREATE_2 = 15;
    private static final int RECONFIG = 16;
    private static final int CREATE_CONTAINER = 19;
    private static final int DELETE_CONTAINER = 20;
    private static final int CREATE_TTL = 21;
    private static final int CREATE_SESSION = -10;
    private static final int CLOSE_SESSION = -11;

    private static final int HEADER_BYTES = 32;
    /** Of a part of a multi: its type and a length. */
    private static final int LEAST_PART_BYTES = 8;

    private static final int LEAST_PATH_BYTES = 4;

    private TransactionDecoder() {}

    /** @throws MalformedRecordException when the bytes are no transaction that ZooKeeper 3.4 to 3.9 writes */
    static Transaction decode(byte[] bytes) {
        if (bytes.length < HEADER_BYTES) {
            throw new MalformedRecordException("a transaction of " + bytes.length + " bytes");
        }
        WireReader in = new WireReader(Unpooled.wrappedBuffer(bytes));
        long sessionId = in.readLong();
        // The client's own number of the request.
        in.readInt();
        long zxid = in.readLong();
        long timeMs = in.readLong();
        int type = in.readInt();
        return new Transaction(zxid, sessionId, timeMs, type, changes(type, sessionId, in));
    }

    private static List<Transaction.Change> changes(int type, long sessionId, WireReader in) {
        return switch (type) {
            case ERROR -> List.of();
            case MULTI -> multi(sessionId, in);
            case CREATE_SESSION -> List.of(new Transaction.OpenSession(in.readInt()));
            case CLOSE_SESSION -> List.of(new Transaction.CloseSession(closedEphemerals(in)));
            case CHECK -> List.of();
            default -> List.of(change(type, sessionId, in));
        };
    }

    /**
     * Before 3.6, and with {@code closeSessionTxn.enabled=false}, there is no list: nothing or a digest follows. The session's
     * znodes are known without it, too.
     */
    private static List<String> closedEphemerals(WireReader in) {
        if (in.remaining() == 0) {
            return List.of();
        }
        try {
            @Nullable List<String> paths = in.readNullableVector(LEAST_PATH_BYTES, WireReader::readString);
            return paths == null ? List.of() : paths;
        } catch (MalformedRecordException digest) {
            return List.of();
        }
    }

    private static List<Transaction.Change> multi(long sessionId, WireReader in) {
        record Part(int type, byte[] bytes) {}
        @Nullable
        List<Part> parts = in.readNullableVector(LEAST_PART_BYTES, part -> {
            int type = part.readInt();
            byte @Nullable [] bytes = part.readBuffer();
            return new Part(type, bytes == null ? new byte[0] : bytes);
        });
        List<Transaction.Change> changes = new ArrayList<>();
        for (Part each : parts == null ? List.<Part>of() : parts) {
            if (each.type == ERROR) {
                // One of them failed, so none was done.
                return List.of();
            }
            if (each.type != CHECK) {
                changes.add(change(each.type, sessionId, new WireReader(Unpooled.wrappedBuffer(each.bytes))));
            }
        }
        return changes;
    }

    private static Transaction.Change change(int type, long sessionId, WireReader in) {
        return switch (type) {
            case CREATE, CREATE_2 -> create(type, sessionId, in);
            case CREATE_CONTAINER ->
                new Transaction.Create(in.readString(), in.readBuffer(), acl(in), Znode.CONTAINER, in.readInt(), false);
            case CREATE_TTL -> {
                String path = in.readString();
                byte @Nullable [] data = in.readBuffer();
                List<Acl> acl = acl(in);
                int parentCversion = in.readInt();
                yield new Transaction.Create(path, data, acl, Znode.ownerOfTtl(in.readLong()), parentCversion, false);
            }
            case DELETE, DELETE_CONTAINER -> new Transaction.Delete(in.readString());
            case SET_DATA, RECONFIG -> new Transaction.SetData(in.readString(), in.readBuffer(), in.readInt());
            case SET_ACL -> new Transaction.SetAcl(in.readString(), acl(in), in.readInt());
            default -> throw new MalformedRecordException("a transaction of unknown type " + type);
        };
    }

    /** Logs older than 3.4 lack the last number. */
    private static Transaction.Change create(int type, long sessionId, WireReader in) {
        String path = in.readString();
        byte @Nullable [] data = in.readBuffer();
        List<Acl> acl = acl(in);
        boolean ephemeral = in.readBool();
        int parentCversion = in.remaining() < Integer.BYTES ? -1 : in.readInt();
        return new Transaction.Create(path, data, acl, ephemeral ? sessionId : 0, parentCversion, type == CREATE);
    }

    private static List<Acl> acl(WireReader in) {
        @Nullable List<Acl> entries = Acl.decodeList(in);
        return entries == null ? List.of() : entries;
    }
}
