package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Answers create.
 *
 * @param path as created, with the sequence number if there is one
 */
public record CreateResponse(String path) implements Response {
    static CreateResponse decode(WireReader in) {
        return new CreateResponse(in.readString());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
    }
}
