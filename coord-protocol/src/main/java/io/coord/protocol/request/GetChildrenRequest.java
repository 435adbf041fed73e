package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Asks for the names of a znode's children; getChildren2 for its stat as well.
 *
 * @param watch whether to tell once of a child's creation or deletion, or of the znode's own deletion
 */
public record GetChildrenRequest(OpCode op, String path, boolean watch) implements Request {
    static GetChildrenRequest decode(OpCode op, WireReader in) {
        return new GetChildrenRequest(op, in.readString(), in.readBool());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeBool(watch);
    }
}
