package io.coord.recipes.leader;

import io.coord.client.CoordClient;
import io.coord.client.error.ClientClosedException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.PendingCall;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.lock.DistributedLock;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import io.coord.recipes.lock.Mutex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task while it is the leader: of all selectors on a path one at a time, in the order in which they asked. The
 * leadership ends when the task returns. It is a mutex in the layout of Curator's {@code LeaderSelector},
 * {@code _c_<uuid>-lock-<sequence>} with the id as data, so selectors of both kinds elect together.
 *
 * <p>When the session or the znode is lost the task's thread is interrupted; when the servers are out of reach, too, unless
 * the client's {@code connectionStateErrorPolicy} says otherwise. The selector contends again only after the task has ended.
 *
 * <p>Thread-safe: its state belongs to one serial queue.
 *
 * <pre>{@code
 * LeaderSelector selector = new LeaderSelector(client, "/leader", "shop-3", leadership -> {
 *     while (leadership.state() == LeaseState.HELD && !Thread.interrupted()) {
 *         work();
 *     }
 * });
 * selector.autoRequeue().start();
 * }</pre>
 */
public final class LeaderSelector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderSelector.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final CoordClient client;
    private final String id;
    private final LeaderTask task;
    private final Executor executor;
    private final DistributedLock lock;
    private final SerialExecutor queue;
    private final SerialExecutor callbacks;
    private final SelectorCore<Lease> core;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile @Nullable Leadership leadership;

    /** Runs the task on a thread of its own, a new one for each leadership. */
    public LeaderSelector(CoordClient client, String path, String id, LeaderTask task) {
        this(client, path, id, task, work -> {
            Thread thread = new Thread(work, "coord-leader-" + path);
            thread.setDaemon(true);
            thread.start();
        });
    }

    /**
     * @param id what others see of this candidate
     * @param executor runs the task; as long as it has no thread for it this selector leads and does nothing. It is handed the
     *     task on a callback thread of the client.
     * @throws io.coord.protocol.data.InvalidPathException when the path is none
     */
    public LeaderSelector(CoordClient client, String path, String id, LeaderTask task, Executor executor) {
        this.client = client;
        this.id = id;
        this.task = task;
        this.executor = executor;
        this.lock = new Mutex(client, path, id.getBytes(StandardCharsets.UTF_8)).withoutReentry();
        this.queue = client.serialExecutor();
        this.callbacks = client.callbackExecutor();
        this.core = new SelectorCore<>(new Shell());
    }

    /** From now on it contends again whenever its task has ended; without it {@link #requeue()} has to be called. */
    public LeaderSelector autoRequeue() {
        queue.execute(core::requeueAlways);
        return this;
    }

    /**
     * Starts to contend, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public LeaderSelector start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the selector of " + path() + " was started or closed before");
        }
        queue.execute(core::requeue);
        return this;
    }

    /**
     * Contends again after the task has ended. To be called on any thread but those of the client.
     *
     * @return false when it contends or leads already
     * @throws IllegalStateException when it was not started
     */
    public boolean requeue() {
        if (!started.get()) {
            throw new IllegalStateException("the selector of " + path() + " was not started");
        }
        return Callers.await(Callers.ask(queue, core::requeue), "requeue", path());
    }

    public String path() {
        return lock.path();
    }

    public String id() {
        return id;
    }

    /** Whether its task runs and it is certainly the leader at this moment, as far as this side can know. */
    public boolean hasLeadership() {
        return leadership().isPresent();
    }

    /** The present leadership, while {@link #hasLeadership()}. */
    public Optional<Leadership> leadership() {
        Leadership now = leadership;
        return now != null && now.state() == LeaseState.HELD ? Optional.of(now) : Optional.empty();
    }

    /** Interrupts the task if it runs. The leadership ends when the task does. */
    public void interruptLeadership() {
        queue.execute(core::stopLeading);
    }

    /**
     * All candidates in the order in which they will lead, those of other clients included. A picture of one moment.
     *
     * @throws io.coord.client.error.CoordException when the candidates cannot be read
     */
    public List<Participant> participants() {
        return Callers.await(Election.participants(client, path()).toCompletableFuture(), "participants", path());
    }

    /** The present leader, this or another candidate; empty when there is none. */
    public Optional<Participant> leader() {
        return participants().stream().filter(Participant::leader).findFirst();
    }

    /** Gives up, without waiting: a task that runs is interrupted, and leadership ends when it has returned. Idempotent. */
    @Override
    public void close() {
        closeAsync();
    }

    /**
     * As {@link #close()}; the stage completes when the task has returned and the znode with which the selector led or waited is
     * surely gone: deleted, or ended with its session.
     */
    public CompletionStage<Void> closeAsync() {
        started.set(true);
        queue.execute(core::close);
        return CallerStages.told(client, gone);
    }

    /** One run of the task. Thread-safe: a lock around the thread that runs it. */
    private final class Run implements Runnable {
        private final Leadership granted;
        private @Nullable Thread thread;
        private boolean interrupted;
        private boolean ended;

        Run(Leadership granted) {
            this.granted = granted;
        }

        synchronized void interrupt() {
            interrupted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        private synchronized boolean begin() {
            thread = Thread.currentThread();
            return !interrupted;
        }

        /** An interrupt that was meant for the task does not reach what its thread does next. */
        private synchronized void finish() {
            thread = null;
            if (interrupted) {
                Thread.interrupted();
            }
        }

        private synchronized boolean wasInterrupted() {
            return interrupted;
        }

        @Override
        public void run() {
            try {
                if (begin()) {
                    task.takeLeadership(granted);
                }
            } catch (Exception e) {
                if (!wasInterrupted()) {
                    LOG.error("The leader's task of {} failed; its leadership is given up", path(), e);
                } else {
                    LOG.debug("The leader's task of {} ended by an interrupt", path(), e);
                }
            } finally {
                finish();
                end();
            }
        }

        /** Hands it to the executor, which is the user's: it may run the task at once, wait for a thread, or throw. */
        void start() {
            try {
                executor.execute(this);
            } catch (RuntimeException | Error e) {
                LOG.error("The leader's task of {} was not taken by its executor, or ended by an error", path(), e);
                end();
            }
        }

        /** Told once: what ends a second time could be the next leadership. */
        private void end() {
            boolean isFirst;
            synchronized (this) {
                isFirst = !ended;
                ended = true;
            }
            if (isFirst) {
                queue.execute(core::taskEnded);
            }
        }
    }

    /** Runs on the selector's queue. */
    private final class Shell implements SelectorCore.Port<Lease> {
        private @Nullable PendingCall<Lease> waiting;
        private @Nullable Run run;
        private @Nullable Registration sessionEvents;

        @Override
        public void acquire() {
            PendingCall<Lease> lease = PendingCall.of(lock.acquireAsync());
            waiting = lease;
            lease.whenComplete((granted, failure) -> queue.execute(() -> {
                if (failure == null) {
                    core.acquired(granted);
                } else {
                    RuntimeException cause = Callers.asUnchecked(failure);
                    core.refused(cause, cause instanceof ClientClosedException);
                }
            }));
        }

        @Override
        public void cancelAcquire() {
            PendingCall<Lease> call = waiting;
            if (call != null) {
                call.cancel(false);
                call.nothingLeft().thenRun(() -> queue.execute(core::withdrawn));
            }
        }

        @Override
        public void runTask(long generation, Lease lease) {
            Leadership granted = new Leadership(generation, lease.fencingToken(), lease.path(), new LeaseTenure(lease));
            leadership = granted;
            Run next = new Run(granted);
            run = next;
            lease.onLost(lost -> queue.execute(() -> core.stopLeading(generation)));
            sessionEvents = client.addSessionListener(event -> onSessionEvent(event, generation), queue);
            callbacks.execute(next::start);
            if (lease.state() != LeaseState.HELD) {
                // It became uncertain before anybody listened.
                core.stopLeading(generation);
            }
        }

        private void onSessionEvent(SessionEvent event, long generation) {
            switch (event.type()) {
                case SUSPENDED -> {
                    if (client.connectionStateErrorPolicy().isErrorState(SessionState.SUSPENDED)) {
                        core.stopLeading(generation);
                    }
                }
                case LOST, CLOSED -> core.stopLeading(generation);
                case CONNECTED, RECONNECTED, READ_ONLY -> {}
            }
        }

        @Override
        public void interruptTask() {
            if (run != null) {
                run.interrupt();
            }
        }

        @Override
        public void release(Lease lease) {
            leadership = null;
            run = null;
            if (sessionEvents != null) {
                sessionEvents.close();
                sessionEvents = null;
            }
            lease.releaseAsync().whenComplete((done, failure) -> queue.execute(core::released));
        }

        @Override
        public void retryLater(RuntimeException cause) {
            LOG.warn("The selector of {} could not contend; it tries again", path(), cause);
            Timer.schedule(queue, RETRY_PAUSE, core::retry);
        }

        @Override
        public void ended() {
            gone.complete(null);
        }
    }
}
