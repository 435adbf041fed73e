package io.coord.protocol.data;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a znode's access control list.
 *
 * @param perms a set of the permission bits below
 */
public record Acl(int perms, Id id) {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int CREATE = 4;
    public static final int DELETE = 8;
    public static final int ADMIN = 16;
    public static final int ALL = 31;

    /** Everyone may do everything. */
    public static final List<Acl> OPEN = List.of(new Acl(ALL, Id.ANYONE));
    /** Only the identities that the creating connection has authenticated as; at least one is needed. */
    public static final List<Acl> CREATOR_ALL = List.of(new Acl(ALL, Id.AUTHENTICATED));
    /** Everyone may read. */
    public static final List<Acl> WORLD_READ = List.of(new Acl(READ, Id.ANYONE));

    /** The fewest bytes that an entry takes on the wire. */
    public static final int MIN_WIRE_BYTES = 12;

    /** {@link #OPEN} on the wire: one entry, its permissions, "world", "anyone". */
    private static final byte[] OPEN_WIRE = {
        0, 0, 0, 1, 0, 0, 0, ALL, 0, 0, 0, 5, 'w', 'o', 'r', 'l', 'd', 0, 0, 0, 6, 'a', 'n', 'y', 'o', 'n', 'e'
    };

    /** A vector of entries, null when it is. Nearly all that come are {@link #OPEN}: then nothing is allocated. */
    public static @Nullable List<Acl> decodeList(WireReader in) {
        return in.skip(OPEN_WIRE) ? OPEN : in.readNullableVector(MIN_WIRE_BYTES, Acl::decode);
    }

    public static Acl decode(WireReader in) {
        return new Acl(in.readInt(), Id.decode(in));
    }

    public void encode(WireWriter out) {
        out.writeInt(perms);
        id.encode(out);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Acl that && perms == that.perms && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return 31 * perms + id.hashCode();
    }
}
