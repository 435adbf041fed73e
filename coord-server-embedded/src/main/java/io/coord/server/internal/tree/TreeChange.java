package io.coord.server.internal.tree;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.auth.AccessList;
import org.jspecify.annotations.Nullable;

/**
 * What an edit did to one znode, for those who watch it. A creation and a deletion change the parent's list of children as
 * well.
 *
 * @param type NODE_CREATED, NODE_DELETED or NODE_DATA_CHANGED
 * @param acl of the node, its last one if it was deleted: who may not READ it is not told
 * @param parentAcl null when the list of children is as before
 */
public record TreeChange(
        EventType type,
        String path,
        AccessList acl,
        @Nullable AccessList parentAcl) {
    /** Null when the list of children is as before. */
    public @Nullable String parentPath() {
        return parentAcl == null ? null : ZnodePath.parent(path);
    }
}
