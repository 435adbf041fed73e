package io.coord.spring.lock;

/** How a lock is held. */
public enum LockMode {

    /** Together with other readers. */
    READ,

    /** Alone. */
    WRITE;

    /** Whether who holds a lock in this mode may run what asks for it in the other. */
    boolean covers(LockMode asked) {
        return this == WRITE || asked == READ;
    }
}
