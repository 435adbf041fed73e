package io.coord.protocol.data;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

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

    /** By hand, as in {@link Acl}: the first use of a record's own is a noticeable part of a cold start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Id that && scheme.equals(that.scheme) && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return 31 * scheme.hashCode() + id.hashCode();
    }
}
