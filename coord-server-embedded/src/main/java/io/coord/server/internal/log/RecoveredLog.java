package io.coord.server.internal.log;

/**
 * A log that is ready for writing, and what its recovery found.
 *
 * @param snapshotIndex the last entry of the snapshot that was used, 0 for none
 * @param entryBytes size of the entries behind it
 */
public record RecoveredLog(WriteAheadLog log, SnapshotStore snapshots, long snapshotIndex, long entryBytes) {}
