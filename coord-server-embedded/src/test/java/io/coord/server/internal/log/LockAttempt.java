package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The main class of a process of its own that tries to lock a directory, and tells by its exit code what came of it. */
final class LockAttempt {
    static final int LOCKED = 10;
    static final int REFUSED = 11;

    private LockAttempt() {}

    public static void main(String[] args) throws IOException {
        System.exit(attempt(Path.of(args[0])));
    }

    private static int attempt(Path directory) throws IOException {
        try (Closeable lock = LogRecovery.lock(new DiskLogDirectory(directory))) {
            return lock == null ? 1 : LOCKED;
        } catch (DirectoryLockedException e) {
            return REFUSED;
        }
    }
}
