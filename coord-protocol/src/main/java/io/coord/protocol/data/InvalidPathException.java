package io.coord.protocol.data;

/** A string that is no znode path; the message names the string, the rule and the place. Nothing was sent or done. */
public final class InvalidPathException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidPathException(String path, String reason) {
        super("Invalid znode path \"" + path + "\": " + reason);
    }
}
