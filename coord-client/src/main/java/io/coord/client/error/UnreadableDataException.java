package io.coord.client.error;

/**
 * The server answered, but what the znode holds is not what the call asked for: it cannot be decompressed, or decoded to a
 * value. The cause says why. Comes from reads only.
 */
public final class UnreadableDataException extends CoordException {
    private static final long serialVersionUID = 1;

    public UnreadableDataException(String operation, String path, String what, Throwable cause) {
        super(operation, path, what + ": " + cause.getMessage());
        initCause(cause);
    }
}
