package io.coord.verification.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How much happened. An idle simulation proves nothing, so the tests demand their share of each. */
final class Statistics {
    long events;
    long simulatedMs;
    long operations;
    long operationsOk;
    long operationsUnknown;
    long commits;
    long watchEvents;
    long locksGranted;
    long leaderChanges;
    long refusedSubmissions;
    long unknownSubmissions;
    long snapshotsTaken;
    long snapshotsSent;
    long snapshotsInstalled;
    long sessionsExpired;
    long reconnects;
    long damageDetected;
    long failedAttempts;
    long readWriteGranted;
    long downgrades;
    long latchesLed;
    long latchesLedAgain;
    long tasksRun;
    long tasksInterrupted;
    long permitsGranted;
    long cacheBatches;
    long cacheChanges;
    long cachesComplete;
    long keptInPlace;
    long keptReplaced;
    long barriersPassed;
    long doubleBarriersEntered;
    long doubleBarriersLeft;
    long itemsPut;
    long itemsHandled;
    long itemsPutBack;
    long itemsLockedByOthers;
    long quietSnapshots;
    long blockedReads;
    long slowPieces;
    final Map<String, Long> faults = new TreeMap<>();

    void fault(String kind) {
        faults.merge(kind, 1L, Long::sum);
    }

    long faultCount() {
        return faults.values().stream().mapToLong(Long::longValue).sum();
    }

    void add(Statistics other) {
        events += other.events;
        simulatedMs += other.simulatedMs;
        operations += other.operations;
        operationsOk += other.operationsOk;
        operationsUnknown += other.operationsUnknown;
        commits += other.commits;
        watchEvents += other.watchEvents;
        locksGranted += other.locksGranted;
        leaderChanges += other.leaderChanges;
        refusedSubmissions += other.refusedSubmissions;
        unknownSubmissions += other.unknownSubmissions;
        snapshotsTaken += other.snapshotsTaken;
        snapshotsSent += other.snapshotsSent;
        snapshotsInstalled += other.snapshotsInstalled;
        sessionsExpired += other.sessionsExpired;
        reconnects += other.reconnects;
        damageDetected += other.damageDetected;
        readWriteGranted += other.readWriteGranted;
        downgrades += other.downgrades;
        latchesLed += other.latchesLed;
        latchesLedAgain += other.latchesLedAgain;
        tasksRun += other.tasksRun;
        tasksInterrupted += other.tasksInterrupted;
        permitsGranted += other.permitsGranted;
        cacheBatches += other.cacheBatches;
        cacheChanges += other.cacheChanges;
        cachesComplete += other.cachesComplete;
        keptInPlace += other.keptInPlace;
        keptReplaced += other.keptReplaced;
        barriersPassed += other.barriersPassed;
        doubleBarriersEntered += other.doubleBarriersEntered;
        doubleBarriersLeft += other.doubleBarriersLeft;
        itemsPut += other.itemsPut;
        itemsHandled += other.itemsHandled;
        itemsPutBack += other.itemsPutBack;
        itemsLockedByOthers += other.itemsLockedByOthers;
        quietSnapshots += other.quietSnapshots;
        blockedReads += other.blockedReads;
        slowPieces += other.slowPieces;
        other.faults.forEach((kind, count) -> faults.merge(kind, count, Long::sum));
    }

    @Override
    public String toString() {
        return "events " + events + ", simulated " + simulatedMs / 1000 + " s, operations " + operations + " (ok "
                + operationsOk + ", unknown " + operationsUnknown + "), commits " + commits + ", watch events "
                + watchEvents + ", locks granted " + locksGranted + ", read and write locks " + readWriteGranted
                + " with downgrades " + downgrades + ", latches led " + latchesLed + " and again " + latchesLedAgain
                + ", tasks of selectors " + tasksRun + " interrupted " + tasksInterrupted + ", permits granted "
                + permitsGranted + ", caches complete " + cachesComplete + " with changes " + cacheChanges
                + " and batches of reads " + cacheBatches + ", kept znodes in place " + keptInPlace + " replaced "
                + keptReplaced + ", barriers passed " + barriersPassed + ", double barriers entered "
                + doubleBarriersEntered + " left " + doubleBarriersLeft + ", items put " + itemsPut + " handled "
                + itemsHandled + " put back " + itemsPutBack + " locked by others " + itemsLockedByOthers
                + ", quiet snapshots " + quietSnapshots + ", leader changes " + leaderChanges
                + ", submissions refused " + refusedSubmissions + " and of unknown fate " + unknownSubmissions
                + ", snapshots taken " + snapshotsTaken + ", restored " + snapshotsInstalled + ", sessions expired "
                + sessionsExpired + ", reconnects " + reconnects + ", damage detected " + damageDetected
                + ", slow clients not read " + blockedReads + " and served by pieces " + slowPieces + ", faults "
                + faultCount() + " " + faults;
    }
}
