package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import io.coord.server.internal.transport.FirstWords;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that a server offers to its operators: made with it, opened when its parts are there, closed with it. Thread-safe. */
public final class AdminDesk {
    private static final Logger LOG = LoggerFactory.getLogger(AdminDesk.class);
    /** ZooKeeper's, which nothing here depends on. */
    private static final long TRACE_MASK = 0b1_0011_0010;

    private final OwnerQuestions owner;
    private final ServerFacts facts;
    private final SnapshotSource snapshots;
    private final AdminThread thread = new AdminThread();
    private final Words words;
    private final AtomicLong traceMask = new AtomicLong(TRACE_MASK);
    private final HttpSettings httpSettings;
    private @Nullable WordAnswers answers;
    private @Nullable HttpAdmin http;
    private boolean closed;

    /** @param allowedWords in small letters, or {@code *} for all */
    public AdminDesk(
            Set<String> allowedWords,
            HttpSettings httpSettings,
            OwnerQuestions owner,
            ServerFacts facts,
            SnapshotSource snapshots) {
        this.snapshots = snapshots;
        this.owner = owner;
        this.httpSettings = httpSettings;
        this.facts = facts;
        this.words = new Words(allowedWords, thread, this::answers);
    }

    /** Who runs this process. */
    public static String userOfProcess() {
        return ManagementFactory.getRuntimeMXBean().getSystemProperties().getOrDefault("user.name", "unknown");
    }

    /** For the transport. None may come before {@link #open}. */
    public FirstWords words() {
        return words;
    }

    /**
     * The parts of the server are there, though it may not serve yet. Opens the ports for HTTP, and waits for that; one that
     * cannot be opened is left out, and the log says so.
     */
    public synchronized void open(ServerInspection inspection) {
        answers = new WordAnswers(owner, inspection, facts, traceMask);
        if (closed || httpSettings.isOff()) {
            return;
        }
        try {
            LOG.debug("HTTP by {}", HttpListener.codec());
            http = new HttpAdmin(httpSettings, owner, inspection, facts, traceMask, thread, snapshots);
        } catch (NoClassDefFoundError e) {
            LOG.warn(
                    "Neither admin server nor metrics are offered over HTTP: io.netty:netty-codec-http has to be on the"
                            + " class path for that. The server goes on without",
                    e);
        }
    }

    /** The port of the admin server; -1 without one. */
    public synchronized int adminPort() {
        return http == null ? -1 : http.adminPort();
    }

    /** The port of the metrics; -1 without one. */
    public synchronized int metricsPort() {
        return http == null ? -1 : http.metricsPort();
    }

    private synchronized WordAnswers answers() {
        WordAnswers present = answers;
        if (present == null) {
            throw new IllegalStateException("a word before the server was open");
        }
        return present;
    }

    /** Nobody is answered any more. From any thread. */
    public synchronized void close() {
        closed = true;
        thread.stop();
        if (http != null) {
            http.close();
            http = null;
        }
    }
}
