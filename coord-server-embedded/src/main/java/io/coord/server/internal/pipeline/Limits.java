package io.coord.server.internal.pipeline;

/**
 * When to stop reading from clients.
 *
 * @param outstandingPerConnection requests of one connection that wait for their reply, at which its socket is no longer
 *     read until half of them are answered
 * @param outstandingWrites submitted commands of all connections, at which whoever writes is no longer read until half of
 *     them are committed
 */
public record Limits(int outstandingPerConnection, int outstandingWrites) {
    public static final Limits DEFAULT = new Limits(4_096, 65_536);
}
