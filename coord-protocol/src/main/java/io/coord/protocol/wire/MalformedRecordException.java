package io.coord.protocol.wire;

/**
 * Bytes that are not the record they should be: cut short, a length that no frame can hold, a null where none may stand.
 * The server answers {@code MARSHALLING_ERROR}; nothing has happened.
 */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
