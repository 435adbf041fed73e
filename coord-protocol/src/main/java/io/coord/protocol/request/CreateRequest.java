package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates a znode. One record serves create, create2 and createContainer; they differ in the reply, and the last makes a
 * container whatever the flags say.
 *
 * @param data null and empty are told apart on the wire
 * @param acl null is answered with INVALID_ACL
 * @param flags see {@link io.coord.protocol.data.CreateMode}; kept raw because a wrong one has an answer of its own
 */
public record CreateRequest(
        OpCode op,
        String path,
        byte @Nullable [] data,
        @Nullable List<Acl> acl,
        int flags) implements Request {
    static CreateRequest decode(OpCode op, WireReader in) {
        return new CreateRequest(op, in.readString(), in.readBuffer(), Acl.decodeList(in), in.readInt());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        out.writeVector(acl, Acl::encode);
        out.writeInt(flags);
    }
}
