package io.coord.server.internal.pipeline;

/**
 * When to stop reading from clients. A request counts until its reply, with the bytes of its frame.
 *
 * @param outstandingPerConnection requests of one connection that wait for their reply, at which its socket is no longer
 *     read until half of them are answered
 * @param outstandingBytesPerConnection the same in bytes; a single request may be larger
 * @param outstandingWrites submitted commands of all connections, at which whoever writes is no longer read until half of
 *     them are committed
 * @param outstandingBytes of all requests that wait, at which whoever adds to them is no longer read until half of it is
 *     done; a large request waits before it when it would lead beyond it, unless it is the only one
 */
public record Limits(
        int outstandingPerConnection,
        long outstandingBytesPerConnection,
        int outstandingWrites,
        long outstandingBytes) {
    private static final long MOST_OUTSTANDING_BYTES = 64L << 20;
    /** A decoded request takes several times the memory of its frame. */
    private static final int HEAP_SHARE = 16;

    /** @param heapBytes what the process may allocate at most; requests under way take a small share of it */
    public static Limits ofHeap(long heapBytes) {
        long all = Math.min(MOST_OUTSTANDING_BYTES, heapBytes / HEAP_SHARE);
        return new Limits(4_096, Math.min(4L << 20, all / 4), 65_536, all);
    }
}
