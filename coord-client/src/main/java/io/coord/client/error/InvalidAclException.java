package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The ACL is empty, malformed, of an unknown scheme, or means identities that the connection does not have.
 * Nothing was changed.
 */
public final class InvalidAclException extends CoordException {
    private static final long serialVersionUID = 1;

    public InvalidAclException(String operation, @Nullable String path) {
        super(operation, path, "invalid ACL");
    }
}
