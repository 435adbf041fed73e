package io.coord.server;

/**
 * A server in numbers, at one moment.
 *
 * @param lastZxid of the last transaction that is applied
 * @param connections that are open, whether they have a session yet or not
 * @param sessions that live, whether they have a connection now or not
 * @param znodes all of them, the four that are always there included
 * @param ephemerals those of them that die with a session
 * @param watches paths that are watched, counted for each connection that watches them
 * @param outstandingWrites that are under way to the log
 * @param refusedResponses since the start: requests that got an error because their response would have been longer than
 *     {@link EmbeddedServerConfig#maxResponseBytes}
 * @param heldRequestBytes of all requests that wait for their turn or their commit, as they came
 * @param bufferedBytes of all connections: replies and events that clients have not taken, requests that are not whole
 * @param cutOffConnections since the start: closed because too much was buffered for them; the log names each
 * @param purgedFiles since the start: snapshots and files of the log that were removed because nothing needs them any more, see
 *     {@link EmbeddedServerConfig#retainedSnapshots}
 * @param acceptsWrites false while the server starts, when it has ended, and for good once the log has failed: then each
 *     write gets an error and reads go on. A full disk, which heals by itself, does not show here
 */
public record ServerStatus(
        long lastZxid,
        int connections,
        int sessions,
        int znodes,
        int ephemerals,
        int watches,
        int outstandingWrites,
        long refusedResponses,
        long heldRequestBytes,
        long bufferedBytes,
        long cutOffConnections,
        long purgedFiles,
        boolean acceptsWrites) {}
