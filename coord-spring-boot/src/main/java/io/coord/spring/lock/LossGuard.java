package io.coord.spring.lock;

import io.coord.client.session.Registration;

/**
 * Interrupts the thread that runs a method when its lock is lost, and only while it runs the method.
 *
 * <p>Thread-safe: its state is guarded by its monitor, because the interrupt must not come a moment after the end.
 */
final class LossGuard {

    private final Thread thread = Thread.currentThread();
    private final Registration registration;
    private boolean running = true;
    private boolean interrupted;

    LossGuard(Holding holding) {
        this.registration = holding.lease().onLost(lease -> interrupt());
    }

    private synchronized void interrupt() {
        if (running) {
            thread.interrupt();
            interrupted = true;
        }
    }

    /** The method has ended. Takes back an interrupt that it has not noticed. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    void end() {
        registration.close();
        synchronized (this) {
            running = false;
            if (interrupted) {
                Thread.interrupted();
            }
        }
    }
}
