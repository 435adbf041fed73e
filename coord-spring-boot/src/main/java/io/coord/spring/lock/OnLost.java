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

    /**
     * Calls the method that the annotation names as its {@code lossCallback}, and lets the locked method run to its end; what that
     * returns is returned. The callback is called once for each call that the lock was lost in, on a thread of the lock's name
     * ({@code coord-lock-…}) and not on the one that runs the method, where it may use the client and block; for a loss at the very end
     * perhaps a moment after that. It is not called before the context is ready.
     */
    CALLBACK,

    /** Lets the method run to its end and returns what it returns. Only fencing protects what it wrote. */
    IGNORE;

    /** Whether a call whose lock was lost throws. */
    boolean failsTheCall() {
        return this == INTERRUPT || this == THROW;
    }
}
