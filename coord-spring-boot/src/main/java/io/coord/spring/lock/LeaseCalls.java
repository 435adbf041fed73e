package io.coord.spring.lock;

import io.coord.client.session.Registration;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import io.coord.spring.method.ListenerThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEvent;

/**
 * Calls what wants to be told of a lease: one thread for each name of a lock, which is no thread of the client and exists while there is
 * something to tell. Nothing is called before the context is ready; what happens earlier is told then.
 *
 * <p>Thread-safe: its state is guarded by its monitor.
 */
final class LeaseCalls {

    private static final Logger logger = LoggerFactory.getLogger(LeaseCalls.class);

    private final Consumer<ApplicationEvent> events;
    private final Map<String, ListenerThread> threads = new TreeMap<>();
    private final List<Runnable> untilReady = new ArrayList<>();
    private boolean ready;
    private boolean stopped;

    /** @param events where what interests all of the application is published */
    LeaseCalls(Consumer<ApplicationEvent> events) {
        this.events = events;
    }

    /** The context is ready. */
    synchronized void start() {
        if (!ready) {
            ready = true;
            untilReady.forEach(Runnable::run);
            untilReady.clear();
        }
    }

    /** Calls nothing more, and waits for calls that go on. */
    void stop(Duration patience) {
        List<ListenerThread> all;
        synchronized (this) {
            stopped = true;
            untilReady.clear();
            all = List.copyOf(threads.values());
        }
        all.forEach(each -> each.stop(patience));
    }

    private synchronized void execute(LockRequest request, Runnable call) {
        if (stopped) {
            return;
        }
        ListenerThread thread =
                threads.computeIfAbsent(request.name(), name -> new ListenerThread("coord-lock-" + name));
        Runnable guarded = () -> {
            try {
                call.run();
            } catch (RuntimeException e) {
                logger.warn(
                        "What {} has called because of the {} {} failed",
                        request.user(),
                        request.mode().noun(),
                        request.path(),
                        e);
            }
        };
        if (ready) {
            thread.execute(guarded);
        } else {
            untilReady.add(() -> thread.execute(guarded));
        }
    }

    /** Has the application told when somebody asks for the lease. */
    void publishRequests(LockRequest request, Lease lease) {
        lease.onReleaseRequested(asked -> {
            logger.info(
                    "Somebody asks {} to release the {} {}",
                    request.user(),
                    request.mode().noun(),
                    request.path());
            execute(request, () -> events.accept(new LockReleaseRequestedEvent(request, asked)));
        });
    }

    /** A call begins under the lease. */
    Watch watch(LockRequest request, Lease lease) {
        LockRequest.Calls calls = request.calls();
        return calls.equals(LockRequest.Calls.NONE) ? Watch.NOTHING : new Watch(this, request, lease);
    }

    /** What one call wants to be told of its lease, while it runs. Thread-safe: an atomic flag. */
    static final class Watch {

        private static final Watch NOTHING = new Watch();

        private final AtomicBoolean toldOfLoss = new AtomicBoolean();
        private final Runnable tellLoss;
        private final @Nullable Lease lease;
        private final List<Registration> registrations = new ArrayList<>(2);

        private Watch() {
            this.tellLoss = () -> {};
            this.lease = null;
        }

        private Watch(LeaseCalls owner, LockRequest request, Lease lease) {
            this.lease = lease;
            BiConsumer<? super Lease, ? super LockLostException> whenLost =
                    request.calls().whenLost();
            this.tellLoss = whenLost == null
                    ? () -> {}
                    : () -> owner.execute(
                            request,
                            () -> whenLost.accept(lease, new LockLostException(request.user(), request.path(), null)));
            if (whenLost != null) {
                registrations.add(lease.onLost(lost -> tellLossOnce()));
            }
            Consumer<? super Lease> whenAsked = request.calls().whenAsked();
            if (whenAsked != null) {
                registrations.add(
                        lease.onReleaseRequested(asked -> owner.execute(request, () -> whenAsked.accept(asked))));
            }
        }

        private void tellLossOnce() {
            if (toldOfLoss.compareAndSet(false, true)) {
                tellLoss.run();
            }
        }

        /** The call has ended, and the lease is not released yet: a loss until now is told, whoever notices it first. */
        void end() {
            if (lease != null && lease.state() == LeaseState.LOST) {
                tellLossOnce();
            }
            registrations.forEach(Registration::close);
        }
    }
}
