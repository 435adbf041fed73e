package io.coord.server.internal.backup;

import java.nio.file.Path;

/**
 * A data directory that was restored and read back.
 *
 * @param zxid of the last transaction in it
 * @param timeMs of the last transaction in it, wall-clock milliseconds
 */
public record RestoreReport(Path target, long lastIndex, long zxid, long timeMs, int znodes, int sessions) {}
