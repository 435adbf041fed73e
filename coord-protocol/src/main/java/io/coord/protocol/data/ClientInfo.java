package io.coord.protocol.data;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * One of the identities of a connection, as whoAmI tells it.
 *
 * @param user without anything secret: of a digest the name only; of the scheme {@code ip} the address
 */
public record ClientInfo(String authScheme, String user) {
    /** Two empty strings. */
    public static final int MIN_WIRE_BYTES = 2 * Integer.BYTES;

    public static ClientInfo decode(WireReader in) {
        return new ClientInfo(in.readString(), in.readString());
    }

    public void encode(WireWriter out) {
        out.writeString(authScheme);
        out.writeString(user);
    }
}
