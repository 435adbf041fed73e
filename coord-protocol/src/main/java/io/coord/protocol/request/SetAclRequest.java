package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a znode's ACL.
 *
 * @param acl null is answered with INVALID_ACL
 * @param version what the stat calls aversion: the ACL version that the znode must have, -1 for any
 */
public record SetAclRequest(String path, @Nullable List<Acl> acl, int version) implements Request {
    static SetAclRequest decode(WireReader in) {
        return new SetAclRequest(in.readString(), Acl.decodeList(in), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.SET_ACL;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeVector(acl, Acl::encode);
        out.writeInt(version);
    }
}
