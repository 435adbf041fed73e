package io.coord.verification.ensemble.faults;

/**
 * What one client asked of a register, a znode with a version, and what it was told.
 *
 * @param value written, or read
 * @param expected the version that a conditional write named; {@link #ANY} for the others
 * @param version told by the reply; {@link #NOT_TOLD} when the write was refused, or its fate is unknown
 * @param begin nanoseconds, when it was called
 * @param end when the reply was there; {@link #NEVER} when the fate is unknown: it may take effect at any time, or never
 */
record RegisterOperation(Kind kind, long value, int expected, int version, long begin, long end) {
    static final long NEVER = Long.MAX_VALUE;
    static final int ANY = -1;
    static final int NOT_TOLD = -1;

    enum Kind {
        READ,
        WRITE,
        /** A conditional write that was refused, because the version was another one. */
        REFUSED
    }

    boolean isUnknown() {
        return end == NEVER;
    }
}
