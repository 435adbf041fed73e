package io.coord.server.internal.audit;

import io.coord.server.internal.audit.AuditEvent.Result;
import io.coord.server.internal.metrics.Counter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the record to the log, on the thread {@code coord-audit}. What the owner thread notes waits within bounds; beyond them it
 * is lost, counted, and said to be: a slow log must not hold up clients.
 */
public final class AuditWriter {
    /** ZooKeeper's own name, so that the configuration that sends its record to a file does the same here. */
    static final String LOGGER = "org.apache.zookeeper.audit.Slf4jAuditLogger";

    private static final Logger RECORD = LoggerFactory.getLogger(LOGGER);
    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
    private static final int MOST_WAITING = 10_000;
    private static final long MOST_WAITING_CHARS = 16 << 20;
    /** Ends the wait. */
    private static final AuditEvent END = AuditEvent.ofServer("", 0, "end", null, Result.INVOKED);

    private final BlockingQueue<AuditEvent> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicLong waitingChars = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    /** Owner thread's. */
    private final Counter lostCounter;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean ending;
    private @Nullable Thread thread;

    /** @param lostCounter of the owner thread, for lines that are lost */
    public AuditWriter(Counter lostCounter) {
        this.lostCounter = lostCounter;
    }

    /** Owner thread. Never waits. */
    void write(AuditEvent event) {
        if (waitingChars.get() <= MOST_WAITING_CHARS && waiting.offer(event)) {
            waitingChars.addAndGet(event.chars());
            start();
        } else {
            lostCounter.increment();
            lost.incrementAndGet();
        }
    }

    private void start() {
        if (thread == null) {
            Thread started = new Thread(this::writeUntilEnd, "coord-audit");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private void writeUntilEnd() {
        try {
            while (!ending || !waiting.isEmpty()) {
                write();
            }
        } catch (InterruptedException e) {
            LOG.debug("Interrupted, with {} lines left", waiting.size(), e);
        } finally {
            ended.complete(null);
        }
    }

    private void write() throws InterruptedException {
        AuditEvent event = waiting.take();
        waitingChars.addAndGet(-event.chars());
        if (!event.equals(END)) {
            writeLine(event);
        }
        long missing = waiting.isEmpty() ? lost.getAndSet(0) : 0;
        if (missing > 0) {
            LOG.warn("{} lines of the audit log are lost: they came faster than they could be written", missing);
        }
    }

    /** A log that cannot be written must not end the record of what comes after. */
    private static void writeLine(AuditEvent event) {
        try {
            if (event.result() == Result.FAILURE) {
                RECORD.error(event.line());
            } else {
                RECORD.info(event.line());
            }
        } catch (RuntimeException e) {
            LOG.error("A line of the audit log cannot be written: {}", event.operation(), e);
        }
    }

    /**
     * Writes what waits, and ends. Owner thread; the last call. Does not wait.
     *
     * @return done when all is written
     */
    public CompletableFuture<Void> close() {
        if (thread == null) {
            ended.complete(null);
            return ended;
        }
        ending = true;
        if (waiting.offer(END)) {
            waitingChars.addAndGet(END.chars());
        }
        return ended;
    }
}
