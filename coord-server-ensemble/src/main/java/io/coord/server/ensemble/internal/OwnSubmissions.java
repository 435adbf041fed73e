package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.CommandCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What this member has submitted and the log has not given back yet, in the order of submission. Owner thread.
 *
 * <p>Batches form streams, each for the leader of one term. When the way to that leader breaks, what is under way is in doubt until the log
 * itself has shown what became of it. Then what has not come back never will, and is sent once more:
 *
 * <ul>
 *   <li>Another leader comes: a batch for the leader of one term is void in the log of another ({@link BatchHeader}), and terms never
 *       decrease along a log. An entry of a later term is behind all that counts.
 *   <li>It is the same leader again: the next stream begins with a batch without commands. A leader that has taken something of a
 *       stream takes nothing of those before it ({@link LeaderIntake}), so that batch is behind all that counts.
 * </ul>
 */
final class OwnSubmissions {
    private static final int BATCHES_UNDER_WAY = 4;
    private static final long NOT_SEEN = -1;

    /** Takes a batch on its way. */
    @FunctionalInterface
    interface Sender {
        void send(BatchHeader header, byte[] entry);
    }

    private final long life;
    private final CommandCodec codec = new CommandCodec();
    private List<Batch.Submission> waiting = new ArrayList<>();
    private Deque<Batch> underWay = new ArrayDeque<>();
    /** Of the leader that the stream is for. */
    private long term = LeaderIntake.NONE;

    private long stream;
    private long nextNumber;
    /** Of an earlier stream for the same leader. While there are any, the batch without commands is under way, and nothing else. */
    private Deque<Batch> inDoubt = new ArrayDeque<>();

    private long streamInDoubt;
    /** The leader takes nothing more of the stream. */
    private boolean broken;

    private long brokenSinceMs = NOT_SEEN;

    /** @param life a random number for each start of the member */
    OwnSubmissions(long life) {
        this.life = life;
    }

    void add(Batch.Submission submission) {
        waiting.add(submission);
    }

    /** Sends what waits, as far as it may go now; the rest waits for the next call. */
    void send(Route route, Sender sender) {
        if (route.isNone() || waiting.isEmpty()) {
            return;
        }
        if (term != route.term() || broken) {
            if (!underWay.isEmpty()) {
                return;
            }
            beginStream(route.term());
        }
        while (inDoubt.isEmpty() && !waiting.isEmpty() && underWay.size() < BATCHES_UNDER_WAY) {
            sendOne(sender);
        }
    }

    private void sendOne(Sender sender) {
        Batch batch = new Batch(nextNumber++);
        byte[] entry = batch.fill(inDoubt.isEmpty() ? waiting : new ArrayList<>(), term, life, stream, codec);
        underWay.addLast(batch);
        sender.send(new BatchHeader(term, life, stream, batch.number, batch.submissions.size()), entry);
    }

    private void beginStream(long next) {
        term = next;
        stream++;
        nextNumber = 0;
        broken = false;
        brokenSinceMs = NOT_SEEN;
    }

    /** There is a way to a leader again, or to another one. */
    void onRoute(Route route, Sender sender) {
        if (route.term() == term && !underWay.isEmpty()) {
            if (inDoubt.isEmpty()) {
                inDoubt = underWay;
                streamInDoubt = stream;
            }
            underWay = new ArrayDeque<>();
            beginStream(term);
            sendOne(sender);
        }
        send(route, sender);
    }

    /**
     * The log has got to an entry of a term: all that counts of earlier terms has been given back.
     *
     * @return whether something waits again
     */
    boolean onTermReached(long reached) {
        if (reached <= term || underWay.isEmpty()) {
            return false;
        }
        waitAgain();
        beginStream(LeaderIntake.NONE);
        return true;
    }

    private void waitAgain() {
        List<Batch.Submission> again = new ArrayList<>();
        inDoubt.forEach(each -> again.addAll(each.submissions));
        underWay.forEach(each -> again.addAll(each.submissions));
        again.addAll(waiting);
        waiting = again;
        inDoubt = new ArrayDeque<>();
        underWay = new ArrayDeque<>();
    }

    /** Something of a stream was not taken by the leader. The next leader will show what became of it, if there is one. */
    void onBroken(long brokenLife, long brokenStream) {
        if (brokenLife == life && brokenStream == stream) {
            broken = true;
        }
    }

    /**
     * Whether the leader has taken nothing more for long, so that there may be no other one who would show what became of what is under
     * way.
     *
     * @param nowMs monotonic milliseconds; counted from the first call behind the break
     */
    boolean isBrokenFor(long nowMs, long forMs) {
        if (!broken) {
            return false;
        }
        if (brokenSinceMs == NOT_SEEN) {
            brokenSinceMs = nowMs;
        }
        return nowMs - brokenSinceMs >= forMs;
    }

    /** Whether a batch that counts is still to be given back: of this stream, or of one that is in doubt. */
    boolean isOwn(BatchHeader header) {
        return header.life() == life
                && (header.stream() == stream || (header.stream() == streamInDoubt && !inDoubt.isEmpty()));
    }

    /**
     * The log gives back an own batch.
     *
     * @throws IllegalStateException when it is not the one that is to come next
     */
    List<Batch.Submission> take(BatchHeader header) {
        boolean settles = header.stream() == stream && !inDoubt.isEmpty();
        Batch batch = (header.stream() == stream ? underWay : inDoubt).pollFirst();
        if (batch == null || batch.number != header.number()) {
            throw new IllegalStateException("batch " + header + " came back where "
                    + (batch == null ? "none" : "number " + batch.number) + " was expected");
        }
        if (settles) {
            waitAgain();
        }
        return batch.submissions;
    }

    /** Gives everything up, and returns it: what is under way may happen or not, what waits must not happen without it. */
    List<Batch.Submission> abandon() {
        waitAgain();
        List<Batch.Submission> all = waiting;
        waiting = new ArrayList<>();
        beginStream(LeaderIntake.NONE);
        return all;
    }
}
