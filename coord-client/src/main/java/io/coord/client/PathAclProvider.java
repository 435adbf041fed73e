package io.coord.client;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ACLs by rules: that of the path itself, else that of the nearest parent which has one for everything below it, else the
 * default. Paths are those that the server knows, with chroot and namespace.
 *
 * <p>Immutable: each rule makes a new provider.
 *
 * <pre>{@code
 * PathAclProvider rules = AclProvider.byDefault(Acl.CREATOR_ALL)
 *         .below("/public", Acl.WORLD_READ)
 *         .at("/public/guestbook", Acl.OPEN);
 * }</pre>
 */
public final class PathAclProvider implements AclProvider {
    private final List<Acl> byDefault;
    private final Map<String, List<Acl>> exact;
    private final Map<String, List<Acl>> below;

    PathAclProvider(List<Acl> byDefault) {
        this(List.copyOf(byDefault), Map.of(), Map.of());
    }

    private PathAclProvider(List<Acl> byDefault, Map<String, List<Acl>> exact, Map<String, List<Acl>> below) {
        this.byDefault = byDefault;
        this.exact = exact;
        this.below = below;
    }

    /**
     * The ACL of one znode.
     *
     * @throws io.coord.protocol.data.InvalidPathException when it is no path
     */
    public PathAclProvider at(String path, List<Acl> acl) {
        return new PathAclProvider(byDefault, with(exact, path, acl), below);
    }

    /**
     * The ACL of a znode and of all below it, sequential ones included.
     *
     * @throws io.coord.protocol.data.InvalidPathException when it is no path
     */
    public PathAclProvider below(String path, List<Acl> acl) {
        return new PathAclProvider(byDefault, exact, with(below, path, acl));
    }

    private static Map<String, List<Acl>> with(Map<String, List<Acl>> rules, String path, List<Acl> acl) {
        ZnodePath.validate(path);
        Map<String, List<Acl>> more = new HashMap<>(rules);
        more.put(path, List.copyOf(acl));
        return Map.copyOf(more);
    }

    @Override
    public List<Acl> aclFor(String path) {
        @Nullable List<Acl> acl = exact.get(path);
        if (acl != null) {
            return acl;
        }
        String each = path;
        while (true) {
            acl = below.get(each);
            if (acl != null) {
                return acl;
            }
            if (each.length() <= 1) {
                return byDefault;
            }
            each = ZnodePath.parent(each);
        }
    }
}
