package io.coord.server.internal.pipeline;

/** Makes a new session's password: 16 bytes that nobody can guess. */
@FunctionalInterface
public interface PasswordSource {
    byte[] next();
}
