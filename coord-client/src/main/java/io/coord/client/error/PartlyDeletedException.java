package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * A delete with everything below failed after a part of the branch was gone. The cause says why. What is left, the znode
 * itself among it unless the cause leaves that open too, can be deleted by calling again.
 *
 * <pre>{@code
 * try {
 *     client.delete().deletingChildrenIfNeeded().forPath("/jobs");
 * } catch (PartlyDeletedException e) {
 *     client.delete().quietly().deletingChildrenIfNeeded().forPath("/jobs");
 * }
 * }</pre>
 */
public final class PartlyDeletedException extends CoordException implements OutcomeUnknown {
    private static final long serialVersionUID = 1;

    public PartlyDeletedException(String operation, @Nullable String path, CoordException cause) {
        super(operation, path, "a part of what was below it is deleted, then: " + cause.getMessage());
        initCause(cause);
    }
}
