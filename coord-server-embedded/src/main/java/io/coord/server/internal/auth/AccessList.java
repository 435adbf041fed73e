package io.coord.server.internal.auth;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import java.util.List;

/**
 * A znode's ACL as it is stored: well-formed, {@code auth} entries resolved. Immutable; equal lists are one object in a
 * tree, see {@code AccessListTable}.
 */
public final class AccessList {
    /** Of ids that are above all ACLs; no ACL can name it. */
    static final String SUPER_SCHEME = "super";

    private final List<Acl> entries;
    /** What everyone may do: most lists answer from here, without a look at the ids. */
    private final int worldPerms;

    public AccessList(List<Acl> entries) {
        this.entries = List.copyOf(entries);
        int perms = 0;
        for (Acl each : entries) {
            if (each.id().equals(Id.ANYONE)) {
                perms |= each.perms();
            }
        }
        this.worldPerms = perms;
    }

    public List<Acl> entries() {
        return entries;
    }

    /**
     * Whether any of the permissions is granted to any of the ids. An empty list grants everything to everyone, and so does
     * the id {@code super}.
     */
    public boolean permits(int anyOfPerms, List<Id> ids) {
        return (worldPerms & anyOfPerms) != 0 || entries.isEmpty() || permitsSome(anyOfPerms, ids);
    }

    private boolean permitsSome(int anyOfPerms, List<Id> ids) {
        for (Id each : ids) {
            if (each.scheme().equals(SUPER_SCHEME)) {
                return true;
            }
        }
        for (Acl entry : entries) {
            if ((entry.perms() & anyOfPerms) != 0 && matchesSome(entry.id(), ids)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesSome(Id granted, List<Id> ids) {
        AuthScheme scheme = AuthScheme.of(granted.scheme());
        if (scheme == null) {
            return false;
        }
        for (Id each : ids) {
            if (each.scheme().equals(granted.scheme()) && scheme.matches(each.id(), granted.id())) {
                return true;
            }
        }
        return false;
    }
}
