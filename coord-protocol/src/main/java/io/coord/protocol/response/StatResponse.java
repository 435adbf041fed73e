package io.coord.protocol.response;

import io.coord.protocol.data.Stat;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** Answers exists, setData and setACL: the ExistsResponse, SetDataResponse and SetACLResponse of jute are one record. */
public record StatResponse(Stat stat) implements Response {
    static StatResponse decode(WireReader in) {
        return new StatResponse(Stat.decode(in));
    }

    @Override
    public void encode(WireWriter out) {
        stat.encode(out);
    }
}
