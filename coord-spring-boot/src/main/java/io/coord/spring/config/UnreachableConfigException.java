package io.coord.spring.config;

/** The servers did not answer. The message is the end of a sentence that begins with them. */
final class UnreachableConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnreachableConfigException(String message) {
        super(message);
    }
}
