package io.coord.client;

import io.coord.protocol.data.Acl;
import java.util.List;

/**
 * The ACL of znodes that are created without one of their own, created parents included. Called by any
 * thread, the network thread among them, so it must not block.
 *
 * <pre>{@code
 * AclProvider rules = AclProvider.byDefault(Acl.CREATOR_ALL).below("/public", Acl.OPEN);
 * CoordClient client = CoordClient.builder().connectString("zk-1:2181").aclProvider(rules).build();
 * }</pre>
 */
@FunctionalInterface
public interface AclProvider {
    /** Everyone may do everything. */
    AclProvider OPEN = path -> Acl.OPEN;
    /** Only the identities that the client has authenticated as. */
    AclProvider CREATOR_ALL = path -> Acl.CREATOR_ALL;

    /**
     * Rules by path, and an ACL for all the rest: {@code AclProvider.byDefault(Acl.CREATOR_ALL).below("/public",
     * Acl.OPEN)}.
     */
    static PathAclProvider byDefault(List<Acl> acl) {
        return new PathAclProvider(acl);
    }

    /**
     * @param path as the server knows it, with chroot and namespace
     */
    List<Acl> aclFor(String path);
}
