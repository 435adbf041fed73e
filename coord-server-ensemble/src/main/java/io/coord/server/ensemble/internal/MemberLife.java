package io.coord.server.ensemble.internal;

import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.runtime.StateMailbox;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the parts of a member and takes them down, on threads of its own, {@code coord-ensemble-start} and {@code coord-ensemble-stop}:
 * both take a second or so, for which the owner does not wait.
 */
final class MemberLife {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLife.class);
    private static final int HAND_OVER_MS = 2_000;

    private final MemberSettings settings;
    private final LogStateMachine.Receiver fromLog;
    private final MemberLinks.Listener fromLinks;
    private @Nullable Thread starting;
    private volatile @Nullable Closeable claim;
    private volatile @Nullable SyncedMark mark;
    private volatile @Nullable RaftNode node;
    private volatile @Nullable MemberLinks links;
    private volatile @Nullable SnapshotSaver saver;

    MemberLife(MemberSettings settings, LogStateMachine.Receiver fromLog, MemberLinks.Listener fromLinks) {
        this.settings = settings;
        this.fromLog = fromLog;
        this.fromLinks = fromLinks;
    }

    /**
     * Owner thread. Does not wait.
     *
     * @param onStarted told, on another thread, behind all that the disk held
     */
    void start(ReplicatedState state, StateMailbox mailbox, Runnable onStarted, Consumer<Throwable> onFailed) {
        Thread thread = new Thread(
                () -> {
                    try {
                        startNow(state, mailbox);
                        onStarted.run();
                    } catch (IOException | RuntimeException | Error e) {
                        onFailed.accept(e);
                    }
                },
                "coord-ensemble-start");
        thread.setDaemon(true);
        thread.start();
        starting = thread;
    }

    private void startNow(ReplicatedState state, StateMailbox mailbox) throws IOException {
        Path storage = MemberDirectory.open(settings);
        claim = LogRecovery.lock(new DiskLogDirectory(storage));
        SingleServerData.takeOver(settings, storage, state, mailbox);
        SyncedMark opened = LogCheck.open(storage, settings.fsync());
        mark = opened;
        RaftNode started = new RaftNode(settings, storage, fromLog, opened);
        node = started;
        saver = new SnapshotSaver(state, mailbox, started, settings.snapshotAfterWrites());
        MemberLinks linking = new MemberLinks(settings, started, fromLinks);
        links = linking;
        started.start();
        linking.start();
    }

    /** There once the member has started. */
    MemberLinks links() {
        return require(links);
    }

    /** There before the first message of the log. */
    SnapshotSaver saver() {
        return require(saver);
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the member has not started");
        }
        return part;
    }

    /** Somebody else may lead now. Any thread. */
    void onLeadership() {
        MemberLinks current = links;
        if (current != null) {
            current.onLeadership();
        }
    }

    /** Owner thread. Does not wait; {@code done} is told on another thread. */
    void stop(Consumer<@Nullable Throwable> done) {
        SnapshotSaver saving = saver;
        if (saving != null) {
            saving.close();
        }
        Thread thread = new Thread(() -> done.accept(stopNow()), "coord-ensemble-stop");
        thread.setDaemon(true);
        thread.start();
    }

    private @Nullable Throwable stopNow() {
        @Nullable Throwable failure = null;
        try {
            Thread before = starting;
            if (before != null) {
                before.join();
            }
            RaftNode running = node;
            MemberLinks opened = links;
            SnapshotSaver saving = saver;
            if (running != null && opened != null) {
                running.handOverLeadership(opened::isFollowedBy, HAND_OVER_MS);
            }
            if (opened != null) {
                opened.close();
            }
            if (saving != null) {
                saving.awaitEnd();
            }
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
        @Nullable Throwable ofNode = close(node);
        @Nullable Throwable ofMark = close(mark);
        close(claim);
        return ofNode != null ? ofNode : ofMark != null ? ofMark : failure;
    }

    private static @Nullable Throwable close(@Nullable Closeable part) {
        try {
            if (part != null) {
                part.close();
            }
            return null;
        } catch (IOException | RuntimeException e) {
            LOG.debug("Closing the member's log failed", e);
            return e;
        }
    }
}
