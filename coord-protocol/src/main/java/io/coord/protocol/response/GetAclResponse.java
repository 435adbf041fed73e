package io.coord.protocol.response;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

/** Answers getACL. */
public record GetAclResponse(List<Acl> acl, Stat stat) implements Response {
    static GetAclResponse decode(WireReader in) {
        List<Acl> acl = in.readNullableVector(Acl.MIN_WIRE_BYTES, Acl::decode);
        return new GetAclResponse(acl == null ? List.of() : acl, Stat.decode(in));
    }

    @Override
    public void encode(WireWriter out) {
        out.writeVector(acl, Acl::encode);
        stat.encode(out);
    }
}
