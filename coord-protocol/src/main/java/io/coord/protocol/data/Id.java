package io.coord.protocol.data;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** Who someone is: a scheme and what that scheme says, {@code digest} and {@code bob:hash} for instance. */
public record Id(String scheme, String id) {
    /** Everyone, {@code world:anyone}. */
    public static final Id ANYONE = new Id("world", "anyone");
    /** Whoever the connection has authenticated as; resolved by the server that holds the connection. */
    public static final Id AUTHENTICATED = new Id("auth", "");

    public static Id decode(WireReader in) {
        return new Id(in.readString(), in.readString());
    }

    public void encode(WireWriter out) {
        out.writeString(scheme);
        out.writeString(id);
    }
}
