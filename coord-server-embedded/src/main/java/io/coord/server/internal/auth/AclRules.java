package io.coord.server.internal.auth;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the ACL of a request to the one that is stored, and from that to the one that is shown. */
public final class AclRules {
    private static final String AUTH_SCHEME = "auth";
    private static final String DIGEST_SCHEME = "digest";

    private AclRules() {}

    /**
     * The entries to store: duplicates dropped, {@code auth} replaced by each id that the connection has authenticated as.
     *
     * @param allSchemes false where the log is from before ACLs could name x509 and sasl
     * @return null when the list is missing, empty, names an unknown scheme or an id that its scheme does not allow, or
     *     says {@code auth} on a connection that has not authenticated: the request's answer is INVALID_ACL
     */
    public static @Nullable List<Acl> resolve(@Nullable List<Acl> requested, List<Id> ids, boolean allSchemes) {
        if (requested == null || requested.isEmpty()) {
            return null;
        }
        if (requested.size() == 1 && requested.get(0).id().equals(Id.ANYONE)) {
            return requested;
        }
        List<Acl> resolved = new ArrayList<>(requested.size());
        for (Acl each : new LinkedHashSet<>(requested)) {
            if (!resolveEntry(each, ids, allSchemes, resolved)) {
                return null;
            }
        }
        return resolved;
    }

    private static boolean resolveEntry(Acl entry, List<Id> ids, boolean allSchemes, List<Acl> resolved) {
        if (entry.id().equals(Id.ANYONE)) {
            resolved.add(entry);
            return true;
        }
        if (entry.id().scheme().equals(AUTH_SCHEME)) {
            return resolveAuth(entry.perms(), ids, resolved);
        }
        AuthScheme scheme = AuthScheme.of(entry.id().scheme());
        if (scheme == null
                || !(allSchemes || scheme.isFirst())
                || !scheme.isValid(entry.id().id())) {
            return false;
        }
        resolved.add(entry);
        return true;
    }

    private static boolean resolveAuth(int perms, List<Id> ids, List<Acl> resolved) {
        boolean authenticated = false;
        for (Id each : ids) {
            AuthScheme scheme = AuthScheme.of(each.scheme());
            if (scheme != null && scheme.authenticates()) {
                resolved.add(new Acl(perms, each));
                authenticated = true;
            }
        }
        return authenticated;
    }

    /** The entries with the password hashes of digest ids hidden, for those who may read an ACL but not change it. */
    public static List<Acl> withoutHashes(List<Acl> entries) {
        List<Acl> shown = new ArrayList<>(entries.size());
        for (Acl each : entries) {
            shown.add(each.id().scheme().equals(DIGEST_SCHEME) ? new Acl(each.perms(), withoutHash(each.id())) : each);
        }
        return shown;
    }

    private static Id withoutHash(Id id) {
        int colon = id.id().indexOf(':');
        return colon < 0 ? id : new Id(id.scheme(), id.id().substring(0, colon) + ":x");
    }
}
