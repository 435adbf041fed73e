package io.coord.spring.lock;

/** How a lock is held. */
public enum LockMode {

    /** Together with other readers. */
    READ("read lock"),

    /** Alone. */
    WRITE("write lock"),

    /** Alone, of a lock that knows no readers. */
    EXCLUSIVE("lock"),

    /** As one of a limited number. */
    PERMIT("permit");

    private final String noun;

    LockMode(String noun) {
        this.noun = noun;
    }

    /** For messages, as in "did not get the read lock". */
    String noun() {
        return noun;
    }

    /** Whether locks of the two modes with one path are one lock. */
    boolean isOfOneKindWith(LockMode other) {
        return this == other || (isReadWrite() && other.isReadWrite());
    }

    private boolean isReadWrite() {
        return this == READ || this == WRITE;
    }

    /** Whether who holds a lock in this mode may run what asks for it in the other. */
    boolean covers(LockMode asked) {
        return this == asked || (this == WRITE && asked == READ);
    }
}
