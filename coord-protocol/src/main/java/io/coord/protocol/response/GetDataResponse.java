package io.coord.protocol.response;

import io.coord.protocol.data.Stat;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Answers getData.
 *
 * @param data null when the znode was written with a null buffer
 */
public record GetDataResponse(byte @Nullable [] data, Stat stat) implements Response {
    static GetDataResponse decode(WireReader in) {
        return new GetDataResponse(in.readBuffer(), Stat.decode(in));
    }

    @Override
    public void encode(WireWriter out) {
        out.writeBuffer(data);
        stat.encode(out);
    }
}
