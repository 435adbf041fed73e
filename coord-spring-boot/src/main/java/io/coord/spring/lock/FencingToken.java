package io.coord.spring.lock;

/**
 * Number of one holding of a lock: each later holder of the same lock has a higher one. A store that remembers the highest token it
 * has seen and refuses lower ones cannot be written by a holder that lost its lock without noticing.
 *
 * <p>It is the czxid of the holder's znode, so it orders the holders of one ensemble, and only as long as that is not restored from
 * an older state.
 */
public record FencingToken(long value) implements Comparable<FencingToken> {

    @Override
    public int compareTo(FencingToken other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
