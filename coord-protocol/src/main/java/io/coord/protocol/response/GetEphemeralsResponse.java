package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

/**
 * Answers getEphemerals.
 *
 * @param ephemerals whole paths, in no particular order
 */
public record GetEphemeralsResponse(List<String> ephemerals) implements Response {
    static GetEphemeralsResponse decode(WireReader in) {
        return new GetEphemeralsResponse(in.readStrings());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeStrings(ephemerals);
    }
}
