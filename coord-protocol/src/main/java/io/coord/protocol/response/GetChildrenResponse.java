package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

/**
 * Answers getChildren.
 *
 * @param children names, not paths, in no particular order
 */
public record GetChildrenResponse(List<String> children) implements Response {
    static GetChildrenResponse decode(WireReader in) {
        return new GetChildrenResponse(in.readStrings());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeStrings(children);
    }
}
