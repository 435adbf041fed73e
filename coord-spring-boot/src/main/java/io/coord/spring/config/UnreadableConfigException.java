package io.coord.spring.config;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** What the servers hold is no configuration, or is not shown to this application. The text names the znode, never what it holds. */
final class UnreadableConfigException extends FailureAnalyzedException {

    private static final long serialVersionUID = 1;

    UnreadableConfigException(String description, String action) {
        super(description, action);
    }
}
