package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates a znode that the server removes when it has had no children and no new data for its time to live. Inside a multi
 * the flags alone decide: with those of another kind it is a create of that kind, and the time is not looked at.
 *
 * @param data null and empty are told apart on the wire
 * @param acl null is answered with INVALID_ACL
 * @param flags see {@link io.coord.protocol.data.CreateMode}; kept raw because a wrong one has an answer of its own
 * @param ttlMs from 1 to {@link io.coord.protocol.data.CreateMode#MAX_TTL_MS}; anything else is answered with BAD_ARGUMENTS
 */
public record CreateTtlRequest(
        String path, byte @Nullable [] data, @Nullable List<Acl> acl, int flags, long ttlMs) implements Request {
    static CreateTtlRequest decode(WireReader in) {
        return new CreateTtlRequest(in.readString(), in.readBuffer(), Acl.decodeList(in), in.readInt(), in.readLong());
    }

    @Override
    public OpCode op() {
        return OpCode.CREATE_TTL;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        out.writeVector(acl, Acl::encode);
        out.writeInt(flags);
        out.writeLong(ttlMs);
    }
}
