package io.coord.protocol.response;

import io.coord.protocol.data.Stat;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Answers create2 and createContainer.
 *
 * @param path as created, with the sequence number if there is one
 */
public record Create2Response(String path, Stat stat) implements Response {
    static Create2Response decode(WireReader in) {
        return new Create2Response(in.readString(), Stat.decode(in));
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        stat.encode(out);
    }
}
