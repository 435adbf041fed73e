package io.coord.recipes.leader;

import io.coord.client.error.ClientClosedException;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import org.jspecify.annotations.Nullable;

/**
 * The life of one latch: it contends until it is closed, each time with a new contender when the last one has lost its
 * znode. While the servers are out of reach it is not the leader but keeps its znode, and is the leader again, as a new
 * generation, when they confirm the znode.
 */
final class LatchCore {
    /** What the core has done for it. */
    interface Port {
        Contender contend(Entrance entrance, ContenderListener listener);

        /** Calls {@code retry} after a while. */
        void retryLater(RuntimeException cause);

        /** Makes what users get of a leadership; whether it is over is told separately. */
        Leadership leadership(long generation, Place place);

        void becameLeader(Leadership leadership, Place place);

        void lostLeadership(Leadership leadership);

        /** Its znode is surely gone, and it will not contend any more. */
        void ended();
    }

    private final String path;
    private final Port port;
    private @Nullable Contender contender;
    private @Nullable Leadership leadership;
    private long generation;
    private boolean closing;
    private boolean over;

    LatchCore(String path, Port port) {
        this(path, port, 0);
    }

    /** @param generation the last one that others of this candidate have had; 0 for none */
    LatchCore(String path, Port port, long generation) {
        this.path = path;
        this.port = port;
        this.generation = generation;
    }

    void start() {
        if (!closing) {
            contend();
        }
    }

    void retry() {
        if (!closing && contender == null) {
            contend();
        }
    }

    /** @param tell whether listeners hear that the leadership, if there is one, is over */
    void close(boolean tell) {
        if (closing) {
            return;
        }
        closing = true;
        if (tell) {
            stepDown();
        } else {
            leadership = null;
        }
        Contender present = contender;
        if (present != null) {
            present.leave();
        } else {
            end();
        }
    }

    private void contend() {
        Attempt attempt = new Attempt();
        Contender entered = port.contend(Entrance.atTheEnd(path, QueueKind.LATCH), attempt);
        if (!attempt.isOver) {
            attempt.self = entered;
            contender = entered;
        }
    }

    private void rise(Place place) {
        Leadership risen = port.leadership(++generation, place);
        leadership = risen;
        port.becameLeader(risen, place);
    }

    private void stepDown() {
        Leadership former = leadership;
        if (former != null) {
            leadership = null;
            port.lostLeadership(former);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            port.ended();
        }
    }

    private final class Attempt implements ContenderListener {
        private @Nullable Contender self;
        private @Nullable Place place;
        private @Nullable RuntimeException refusal;
        private boolean isOver;

        @Override
        public void granted(Place granted) {
            place = granted;
            if (self != null) {
                self.watchOwnNode();
            }
            rise(granted);
        }

        @Override
        public void suspended() {
            if (!closing) {
                stepDown();
            }
        }

        @Override
        public void restored() {
            if (place != null && leadership == null && !closing) {
                rise(place);
            }
        }

        @Override
        public void lost() {
            over();
            if (closing) {
                end();
            } else {
                stepDown();
                contend();
            }
        }

        @Override
        public void refused(RuntimeException cause) {
            refusal = cause;
        }

        @Override
        public void left() {
            over();
            if (closing || refusal instanceof ClientClosedException) {
                end();
            } else if (refusal != null) {
                port.retryLater(refusal);
            }
        }

        private void over() {
            isOver = true;
            if (contender == self) {
                contender = null;
            }
        }
    }
}
