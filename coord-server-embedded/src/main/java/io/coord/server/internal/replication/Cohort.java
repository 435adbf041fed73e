package io.coord.server.internal.replication;

/**
 * The sessions whose next writes are worth waiting for before the log is synced: those that wrote in the last two batches.
 * Clients that wait for each reply otherwise fall into two groups, each of which writes while the other's batch is synced,
 * and every sync serves only half of them. See {@code docs/decisions/0011-waiting-for-the-cohort.md}.
 *
 * <p>Waiting that does not bring them all ends itself: after each failure as many batches go without it as went the last
 * time, doubled. Not thread-safe; guarded by the {@link LogInbox} that owns it.
 */
final class Cohort {
    /** With more sessions than this a batch is large enough by itself. */
    static final int MOST_SESSIONS = 64;

    private static final int FIRST_PAUSE_BATCHES = 4;
    private static final int LONGEST_PAUSE_BATCHES = 1024;

    private final long[] sessions = new long[MOST_SESSIONS];
    /** The last batch that each of them wrote in. */
    private final long[] lastBatches = new long[MOST_SESSIONS];

    private int size;
    /** The one that is forming. */
    private long batch = 2;

    private int missing;
    private boolean tooMany;
    private int newest;
    private int pause;
    private int nextPause = FIRST_PAUSE_BATCHES;

    /** A write of the session is in the batch that is forming. */
    void add(long sessionId) {
        if (tooMany || (newest < size && sessions[newest] == sessionId && lastBatches[newest] == batch)) {
            return;
        }
        for (int i = 0; i < size; i++) {
            if (sessions[i] == sessionId) {
                newest = i;
                if (lastBatches[i] < batch) {
                    lastBatches[i] = batch;
                    missing--;
                }
                return;
            }
        }
        if (size == MOST_SESSIONS) {
            tooMany = true;
            return;
        }
        newest = size;
        sessions[size] = sessionId;
        lastBatches[size] = batch;
        size++;
    }

    /** Whether nobody is missing from the batch that is forming. */
    boolean isComplete() {
        return tooMany || missing == 0;
    }

    /** Whether the next batch should be waited for. */
    boolean isWorthWaitingFor() {
        return pause == 0 && !tooMany && size > 1;
    }

    /** The batch is formed, the next one begins. */
    void onTaken() {
        batch++;
        pause = Math.max(0, pause - 1);
        tooMany = false;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (lastBatches[i] >= batch - 2) {
                sessions[kept] = sessions[i];
                lastBatches[kept] = lastBatches[i];
                kept++;
            }
        }
        size = kept;
        missing = kept;
        newest = 0;
    }

    /** A wait is over. */
    void onWaited(boolean complete) {
        if (complete) {
            nextPause = FIRST_PAUSE_BATCHES;
        } else {
            pause = nextPause;
            nextPause = Math.min(nextPause * 2, LONGEST_PAUSE_BATCHES);
        }
    }
}
