package io.coord.server.data;

/** The command line asks for something that there is not. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
