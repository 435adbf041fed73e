package io.coord.spring.lock;

/** What happens to a locked method whose lock is lost while it runs. */
public enum OnLost {

    /** What {@code coord.lock.on-lost} says. */
    DEFAULT,

    /**
     * Interrupts the thread that runs the method, and throws a {@link LockLostException} once the method has ended. A method that
     * returns a {@code CompletionStage} and has returned it already is not interrupted; the stage that the caller got completes with
     * the exception at once.
     */
    INTERRUPT,

    /** Lets the method run to its end, then throws a {@link LockLostException}. */
    THROW,

    /** Lets the method run to its end and returns what it returns. Only fencing protects what it wrote. */
    IGNORE
}
