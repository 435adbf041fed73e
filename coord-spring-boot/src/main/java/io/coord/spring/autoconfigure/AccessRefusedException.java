package io.coord.spring.autoconfigure;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** The servers answer, but not as this application needs it, and {@code coord.startup} is {@code fail}. */
final class AccessRefusedException extends FailureAnalyzedException {

    private static final long serialVersionUID = 1;

    AccessRefusedException(String description, String action) {
        super(description, action);
    }

    AccessRefusedException(String description, String action, Throwable cause) {
        super(description, action, cause);
    }
}
