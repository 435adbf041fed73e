package io.coord.server.internal.backup;

import java.nio.file.Path;

/**
 * A backup that was made and read back.
 *
 * @param snapshotIndex of the newest snapshot in it, 0 for none
 * @param lastIndex of the last entry of the log in it
 * @param zxid of the last transaction in it: it has this one and all before it
 * @param timeMs of the last transaction in it, wall-clock milliseconds
 * @param bytes of its files, before any compression
 */
public record BackupReport(
        Path target, long snapshotIndex, long lastIndex, long zxid, long timeMs, int files, long bytes) {}
