package io.coord.server.internal.session;

import java.util.Arrays;

/**
 * A session as all replicas know it. Immutable; a re-attachment replaces it.
 *
 * @param timeoutMs as negotiated with the newest attachment
 * @param password 16 bytes that a client shows when it comes back
 * @param attachment how often a connection was attached, from 1; a command that came through an older one is void
 */
public record Session(long id, int timeoutMs, byte[] password, int attachment) {
    /** Length of a session's password. */
    public static final int PASSWORD_BYTES = 16;

    boolean hasPassword(byte[] shown) {
        // Not Arrays.equals: the time that it takes tells how many leading bytes were right.
        int difference = shown.length ^ password.length;
        for (int i = 0; i < Math.min(shown.length, password.length); i++) {
            difference |= shown[i] ^ password[i];
        }
        return difference == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Session that
                && id == that.id
                && timeoutMs == that.timeoutMs
                && attachment == that.attachment
                && Arrays.equals(password, that.password);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return "session 0x" + Long.toHexString(id);
    }
}
