package io.coord.protocol.response;

import io.coord.protocol.data.Stat;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

/**
 * Answers getChildren2.
 *
 * @param children names, not paths, in no particular order
 */
public record GetChildren2Response(List<String> children, Stat stat) implements Response {
    static GetChildren2Response decode(WireReader in) {
        return new GetChildren2Response(in.readStrings(), Stat.decode(in));
    }

    @Override
    public void encode(WireWriter out) {
        out.writeStrings(children);
        stat.encode(out);
    }
}
