package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the ephemeral znodes of this session.
 *
 * @param prefixPath how their paths must begin; null, blank or the root for all
 */
public record GetEphemeralsRequest(@Nullable String prefixPath) implements Request {
    static GetEphemeralsRequest decode(WireReader in) {
        return new GetEphemeralsRequest(in.readNullableString());
    }

    @Override
    public OpCode op() {
        return OpCode.GET_EPHEMERALS;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(prefixPath);
    }
}
