package io.coord.protocol.data;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

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

    public static Acl decode(WireReader in) {
        return new Acl(in.readInt(), Id.decode(in));
    }

    public void encode(WireWriter out) {
        out.writeInt(perms);
        id.encode(out);
    }
}
