package io.coord.client.internal.watch;

import io.coord.protocol.data.ZnodePath;

/**
 * The one place where chroot and namespace are put before a path and taken off again.
 *
 * @param chroot from the connect string, empty for none; the client never creates it
 * @param namespace without slashes at its ends, empty for none; created when it is first needed
 * @param prefix both together as a path, empty for none
 */
public record PathMapping(String chroot, String namespace, String prefix) {
    /** No chroot and no namespace. */
    public static final PathMapping NONE = new PathMapping("", "", "");

    /**
     * @throws io.coord.protocol.data.InvalidPathException when they make no path
     */
    public static PathMapping of(String chroot, String namespace) {
        String prefix = namespace.isEmpty() ? chroot : chroot + '/' + namespace;
        if (!prefix.isEmpty()) {
            ZnodePath.validate(prefix);
        }
        return new PathMapping(chroot, namespace, prefix);
    }

    /**
     * The path as the server knows it.
     *
     * @throws io.coord.protocol.data.InvalidPathException when it is no path
     */
    public String toServer(String path) {
        ZnodePath.validate(path);
        if (prefix.isEmpty()) {
            return path;
        }
        return path.length() == 1 ? prefix : prefix + path;
    }

    /** As {@link #toServer} for a path whose last element gets a sequence number, so that it may end with a slash. */
    public String toServerSequential(String path) {
        if (path.endsWith("/") && path.length() > 1) {
            ZnodePath.validate(path.substring(0, path.length() - 1));
            return prefix + path;
        }
        return path.equals("/") ? prefix + path : toServer(path);
    }

    /** The path as the user knows it; a path outside the prefix comes back unchanged. */
    public String toClient(String serverPath) {
        if (prefix.isEmpty() || !ZnodePath.isSameOrBelow(serverPath, prefix)) {
            return serverPath;
        }
        return serverPath.length() == prefix.length() ? ZnodePath.ROOT : serverPath.substring(prefix.length());
    }
}
