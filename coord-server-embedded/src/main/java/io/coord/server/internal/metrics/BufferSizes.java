package io.coord.server.internal.metrics;

/** The sizes of what was sent, in bytes: the last, the smallest and the largest; -1 before the first. */
public final class BufferSizes {
    private static final int NONE = -1;

    private int last = NONE;
    private int min = NONE;
    private int max = NONE;

    public void add(int bytes) {
        last = bytes;
        if (min == NONE || bytes < min) {
            min = bytes;
        }
        if (bytes > max) {
            max = bytes;
        }
    }

    public int last() {
        return last;
    }

    public int min() {
        return min;
    }

    public int max() {
        return max;
    }

    void reset() {
        last = NONE;
        min = NONE;
        max = NONE;
    }
}
