package io.coord.server.internal.admin;

/**
 * How much is watched, at one moment.
 *
 * @param watches paths, each counted for each connection that watches it
 */
record WatchSummary(int connections, int paths, int watches) {}
