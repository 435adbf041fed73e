package io.coord.server;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A backup that was made while the server worked, and read back.
 *
 * @param zxid of the last transaction in it: it has this one and all before it, and none behind it
 * @param lastTransaction when that was, by the server's clock
 * @param bytes of its files, before any compression
 */
public record ServerBackup(Path target, long zxid, Instant lastTransaction, long bytes) {}
