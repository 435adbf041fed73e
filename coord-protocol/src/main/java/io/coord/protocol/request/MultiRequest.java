package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several writes and checks that happen all together or not at all, under one zxid.
 *
 * @param ops each a {@link CreateRequest}, {@link CreateTtlRequest}, {@link DeleteRequest}, {@link SetDataRequest} or {@link CheckVersionRequest};
 *     may be empty
 */
public record MultiRequest(List<Request> ops) implements Request {
    private static final int END = -1;

    /** Reads one operation of a multi. */
    interface OpDecoder {
        Request decode(int type, WireReader in);
    }

    static MultiRequest decode(WireReader in) {
        return new MultiRequest(decodeOps(in, MultiRequest::decodeOp));
    }

    static List<Request> decodeOps(WireReader in, OpDecoder decoder) {
        List<Request> ops = new ArrayList<>();
        while (true) {
            int type = in.readInt();
            boolean done = in.readBool();
            in.readInt();
            if (done) {
                return ops;
            }
            ops.add(decoder.decode(type, in));
        }
    }

    static Request decodeOp(int type, WireReader in, Predicate<OpCode> allowed) {
        @Nullable OpCode op = OpCode.of(type);
        if (op == null || !allowed.test(op)) {
            throw new MalformedRecordException("operation " + type + " inside a multi");
        }
        return Request.decode(op, in);
    }

    private static Request decodeOp(int type, WireReader in) {
        Request request = decodeOp(type, in, MultiRequest::isAllowed);
        if (request instanceof CreateRequest create && !isReadable(create)) {
            throw new MalformedRecordException(
                    "create without ACL or with flags " + create.flags() + " inside a multi");
        }
        return request;
    }

    /** ZooKeeper's server cannot even read what a create on its own is refused for later, with another error. */
    private static boolean isReadable(CreateRequest create) {
        @Nullable CreateMode mode = CreateMode.ofFlag(create.flags());
        return create.acl() != null && mode != null && !mode.isTtl();
    }

    /** Whether an operation may stand inside a multi. */
    public static boolean isAllowed(OpCode op) {
        return switch (op) {
            case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, DELETE, SET_DATA, CHECK -> true;
            default -> false;
        };
    }

    @Override
    public OpCode op() {
        return OpCode.MULTI;
    }

    @Override
    public void encode(WireWriter out) {
        encodeOps(ops, out);
    }

    static void encodeOps(List<Request> ops, WireWriter out) {
        for (Request each : ops) {
            encodeHeader(out, each.op().code(), false);
            each.encode(out);
        }
        encodeHeader(out, END, true);
    }

    private static void encodeHeader(WireWriter out, int type, boolean done) {
        out.writeInt(type);
        out.writeBool(done);
        out.writeInt(-1);
    }
}
