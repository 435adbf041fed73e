package io.coord.recipes.internal.queue;

/**
 * A contender's own znode.
 *
 * @param path as the client that created it names it
 * @param czxid zxid of its creation, the fencing token
 * @param session id of the session that it lives and dies with
 */
public record Place(String path, long czxid, long session) {
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
