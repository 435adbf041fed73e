package io.coord.server.ensemble.internal;

import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.runtime.StateMailbox;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    private final KnownMembers known;
    /** Runs what the members' changes ask for, one after the other. */
    private final ThreadPoolExecutor turns = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            MemberLife::newThread,
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile @Nullable MemberDirectory directory;
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
        this.known = new KnownMembers(settings);
        turns.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "coord-ensemble-members");
        thread.setDaemon(true);
        return thread;
    }

    KnownMembers known() {
        return known;
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
        MemberDirectory opening = MemberDirectory.open(settings, known);
        directory = opening;
        Path storage = opening.path();
        claim = LogRecovery.lock(new DiskLogDirectory(storage));
        SingleServerData.takeOver(settings, storage, state, mailbox);
        SyncedMark opened = LogCheck.open(storage, settings.fsync());
        mark = opened;
        RaftNode started = new RaftNode(settings, known, storage, fromLog, opened);
        node = started;
        saver = new SnapshotSaver(state, mailbox, started, settings.snapshotAfterWrites());
        MemberLinks linking = new MemberLinks(settings, known, started, new FromDoor(), fromLinks);
        links = linking;
        if (known.isOutside()) {
            LOG.warn(
                    "Member {} of {} is none of the members {} and serves nobody until it is added",
                    settings.id(),
                    settings.ensemble(),
                    known.current().rights());
        } else {
            started.start();
        }
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

    /** Owner thread: the state says who the members are. */
    void onMembers(EnsembleMembers.View members) {
        EnsembleMembers before = known.current();
        boolean voted = !known.isObserver(settings.id());
        known.update(members);
        EnsembleMembers now = known.current();
        MemberLinks linking = links;
        if (linking != null) {
            linking.onMembers();
        }
        if (now.version() != before.version()) {
            LOG.info(
                    "The members of {} are {}, by configuration {}",
                    settings.ensemble(),
                    now.rights(),
                    Long.toHexString(now.version()));
            turns.execute(this::remember);
            if (before.contains(settings.id()) && voted && known.isObserver(settings.id())) {
                // Ratis lets nobody lose the vote without a start.
                turns.execute(this::reopen);
            }
            warnOfOwnAddress(now);
        }
    }

    private void warnOfOwnAddress(EnsembleMembers now) {
        Optional<Peer> self = now.members().stream()
                .filter(each -> each.id() == settings.id())
                .findFirst();
        Peer opened = settings.self();
        if (self.isPresent()
                && (self.get().logPort() != opened.logPort()
                        || self.get().linkPort() != opened.linkPort()
                        || !self.get().host().equals(opened.host()))) {
            LOG.warn(
                    "By configuration {} this member is at {}; its ports were opened where its settings said, unless it was started after"
                            + " that. Start it anew if it is not there",
                    Long.toHexString(now.version()),
                    self.get());
        }
    }

    private void remember() {
        MemberDirectory opened = directory;
        try {
            if (opened != null) {
                opened.remember(known.said());
            }
        } catch (IOException e) {
            LOG.warn("Who the members are could not be written down; the log says it again at the next start", e);
        }
    }

    private void reopen() {
        RaftNode running = node;
        try {
            if (running != null) {
                running.reopen();
            }
        } catch (IOException | RuntimeException e) {
            fromLinks.onNodeFailed(e);
        }
    }

    private void shut() {
        RaftNode running = node;
        try {
            if (running != null) {
                running.shut();
            }
        } catch (IOException | RuntimeException e) {
            fromLinks.onNodeFailed(e);
        }
    }

    private final class FromDoor implements MemberLinks.Door {
        @Override
        public void onOutside(EnsembleMembers members) {
            LOG.warn(
                    "Member {} of {} does not belong to the ensemble: its members are {}, by configuration {}. It serves nobody until it"
                            + " is added",
                    settings.id(),
                    settings.ensemble(),
                    members.rights(),
                    Long.toHexString(members.version()));
            turns.execute(MemberLife.this::remember);
            turns.execute(MemberLife.this::shut);
        }

        @Override
        public void onAdmitted() {
            LOG.info("Member {} of {} is let in", settings.id(), settings.ensemble());
            turns.execute(MemberLife.this::reopen);
        }
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
            turns.shutdown();
            if (!turns.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("The member's log is still being opened; the server ends all the same");
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
