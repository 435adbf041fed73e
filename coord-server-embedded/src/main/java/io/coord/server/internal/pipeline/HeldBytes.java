package io.coord.server.internal.pipeline;

/** The requests of all connections that are not done with: how many, and how much memory, as the sum of their frames. */
final class HeldBytes {
    private long sum;
    private int requests;

    void add(int bytes) {
        sum += bytes;
        requests++;
    }

    void remove(int bytes) {
        sum -= bytes;
        requests--;
    }

    int requests() {
        return requests;
    }

    long sum() {
        return sum;
    }
}
