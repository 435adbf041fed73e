package io.coord.recipes.leader;

import io.coord.client.TransactionOp;
import io.coord.client.TransactionResult;
import io.coord.client.session.Registration;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.lock.LeaseState;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The core of a latch, opened to the simulation; what {@code LeaderLatch} does with callers and a client. */
public final class DrivenLatch {
    /** Hears what becomes of the latch, on its queue. */
    public interface Listener {
        void leads(Leadership leadership, Place place);

        /** Not told of a leadership that the latch itself has given up. */
        void leadsNoMore(Leadership leadership);

        /** Calls {@link DrivenLatch#retry} after a while. */
        void retryLater();

        /** Its znode is surely gone, and it contends no more. */
        void ended();
    }

    private final LatchCore core;
    private final Shell shell;

    public DrivenLatch(String path, Contender.Factory contenders, Listener listener) {
        this.shell = new Shell(contenders, listener);
        this.core = new LatchCore(path, shell);
    }

    public void start() {
        core.start();
    }

    public void retry() {
        core.retry();
    }

    public void close() {
        shell.over(LeaseState.RELEASED);
        core.close(false);
    }

    /** As far as the latch knows; the client's session is another matter. */
    public boolean isLeader() {
        return shell.tenure != null;
    }

    private static final class Shell implements LatchCore.Port {
        private final Contender.Factory contenders;
        private final Listener listener;
        private @Nullable DrivenTenure tenure;

        Shell(Contender.Factory contenders, Listener listener) {
            this.contenders = contenders;
            this.listener = listener;
        }

        @Override
        public Contender contend(Entrance entrance, ContenderListener heard) {
            return contenders.enter(entrance, heard);
        }

        @Override
        public void retryLater(RuntimeException cause) {
            listener.retryLater();
        }

        @Override
        public Leadership leadership(long generation, Place place) {
            DrivenTenure begun = new DrivenTenure();
            tenure = begun;
            return new Leadership(generation, place.czxid(), place.path(), begun);
        }

        void over(LeaseState how) {
            if (tenure != null) {
                tenure.state = how;
                tenure = null;
            }
        }

        @Override
        public void becameLeader(Leadership leadership, Place place) {
            listener.leads(leadership, place);
        }

        @Override
        public void lostLeadership(Leadership leadership) {
            over(LeaseState.LOST);
            listener.leadsNoMore(leadership);
        }

        @Override
        public void ended() {
            over(LeaseState.LOST);
            listener.ended();
        }
    }

    /** Says what the core has told. The simulation writes under a leader's protection by itself. */
    private static final class DrivenTenure implements Tenure {
        private LeaseState state = LeaseState.HELD;

        @Override
        public LeaseState state() {
            return state;
        }

        @Override
        public Registration onLost(Runnable callback) {
            throw new UnsupportedOperationException("the simulation is told by the core");
        }

        @Override
        public List<TransactionResult> guarded(List<TransactionOp> operations) {
            throw new UnsupportedOperationException("there is no client");
        }

        @Override
        public CompletionStage<List<TransactionResult>> guardedAsync(List<TransactionOp> operations) {
            throw new UnsupportedOperationException("there is no client");
        }
    }
}
