package io.coord.spring.method;

import io.coord.client.session.Registration;
import java.util.function.Function;

/**
 * Interrupts the thread that runs a method when what the method needs is lost, and only while it runs the method.
 *
 * <p>Thread-safe: its state is guarded by its monitor, because the interrupt must not come a moment after the end.
 */
public final class LossGuard {

    private final Thread thread = Thread.currentThread();
    private final Registration registration;
    private boolean running = true;
    private boolean interrupted;

    /** @param onLoss asks for the task to be run when it is lost, at once when it is lost already */
    public LossGuard(Function<Runnable, Registration> onLoss) {
        this.registration = onLoss.apply(this::interrupt);
    }

    private synchronized void interrupt() {
        if (running) {
            thread.interrupt();
            interrupted = true;
        }
    }

    /** The method has ended. Takes back an interrupt that it has not noticed. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    public void end() {
        registration.close();
        synchronized (this) {
            running = false;
            if (interrupted) {
                Thread.interrupted();
            }
        }
    }
}
