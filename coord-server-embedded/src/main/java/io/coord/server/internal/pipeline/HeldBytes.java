package io.coord.server.internal.pipeline;

/** How much memory the requests of all connections take that are not done with, as the sum of their frames. */
final class HeldBytes {
    private long sum;

    void add(int bytes) {
        sum += bytes;
    }

    void remove(int bytes) {
        sum -= bytes;
    }

    long sum() {
        return sum;
    }
}
