package io.coord.recipes.internal.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A directory on a server, in memory. Contenders' requests and events wait in one line until the test lets them through,
 * so a test decides what happens between them.
 */
final class FakeQueue {
    private final Map<String, Place> nodes = new TreeMap<>();
    private final Deque<Runnable> line = new ArrayDeque<>();
    private final List<Watch> watches = new ArrayList<>();
    private long sequence;
    private long zxid = 100;

    /** Nodes that lists do not show, as if the server that answers lagged behind. */
    final Set<String> hidden = new HashSet<>();

    boolean eventsOvertakeAnswers;

    /** Watches that fired. */
    int events;

    /** Requests that were answered, by name. */
    final List<String> requests = new ArrayList<>();

    private record Watch(String name, Runnable event) {}

    /** One contender, the connection that it sees, and what it was told. */
    final class Client implements ContenderPort, ContenderListener {
        final List<String> told = new ArrayList<>();
        final ContenderCore core;
        final Entrance entrance;
        long session;
        Place place;
        RuntimeException refusal;
        boolean loseNextAnswer;
        boolean refuseEverything;
        boolean leavesWhenItHasToWait;
        long pauseTicket;

        Client(long session, Entrance entrance) {
            this.session = session;
            this.entrance = entrance;
            this.core = new ContenderCore(entrance, this, this);
        }

        Client start() {
            core.start(true);
            return this;
        }

        String name() {
            return place.name();
        }

        void expire() {
            nodes.values().removeIf(node -> node.session() == session);
            core.suspended();
            core.sessionLost();
        }

        void reconnect(long newSession) {
            session = newSession;
            core.connected();
        }

        void pauseOver() {
            core.pauseOver(pauseTicket);
        }

        private void request(String name, Runnable answer, Runnable failure) {
            requests.add(name);
            if (loseNextAnswer) {
                loseNextAnswer = false;
                line.add(failure);
            } else {
                line.add(answer);
            }
        }

        @Override
        public long session() {
            return session;
        }

        @Override
        public void create() {
            long sender = session;
            line.add(() -> {
                if (refuseEverything) {
                    core.createFailed(failure(Failure.Kind.FINAL));
                    return;
                }
                Place inherited = entrance.inherited();
                if (inherited != null && !nodes.containsKey(inherited.name())) {
                    core.createFailed(failure(Failure.Kind.NO_NODE));
                    return;
                }
                String name = entrance.createPath().substring("/q/".length());
                String full = entrance.isSequential() ? String.format("%s%010d", name, sequence++) : name;
                Place created = new Place("/q/" + full, ++zxid, sender);
                if (nodes.putIfAbsent(full, created) != null) {
                    core.createFailed(failure(Failure.Kind.NODE_EXISTS));
                    return;
                }
                request("create", () -> core.created(created), () -> core.createFailed(failure(Failure.Kind.UNKNOWN)));
            });
        }

        @Override
        public void list() {
            line.add(() -> {
                List<String> names = new ArrayList<>(nodes.keySet());
                names.removeAll(hidden);
                request("list", () -> core.listed(names), () -> core.listFailed(failure(Failure.Kind.TRANSIENT)));
            });
        }

        @Override
        public void watch(String name, long ticket) {
            line.add(() -> {
                boolean there = nodes.containsKey(name);
                if (there) {
                    watches.add(new Watch(name, () -> core.blockerChanged(ticket)));
                }
                request(
                        "watch " + name,
                        there ? () -> core.watched(ticket) : () -> core.watchFailed(failure(Failure.Kind.NO_NODE)),
                        () -> core.watchFailed(failure(Failure.Kind.TRANSIENT)));
            });
        }

        @Override
        public void unwatch() {
            told.add("unwatch");
        }

        @Override
        public void readOwn(String name) {
            line.add(() -> {
                Place found = nodes.get(name);
                request("read", () -> core.ownRead(found), () -> core.ownReadFailed(failure(Failure.Kind.TRANSIENT)));
            });
        }

        @Override
        public void delete(String name) {
            line.add(() -> {
                boolean there = remove(name);
                request(
                        "delete " + name,
                        there ? core::deleted : () -> core.deleteFailed(failure(Failure.Kind.NO_NODE)),
                        () -> core.deleteFailed(failure(Failure.Kind.UNKNOWN)));
            });
        }

        @Override
        public void pause(int failures, long ticket) {
            told.add("pause " + failures);
            pauseTicket = ticket;
        }

        @Override
        public void waiting() {
            told.add("waiting");
            if (leavesWhenItHasToWait) {
                core.leave();
            }
        }

        @Override
        public void granted(Place granted) {
            told.add("granted");
            place = granted;
        }

        @Override
        public void suspended() {
            told.add("suspended");
        }

        @Override
        public void restored() {
            told.add("restored");
        }

        @Override
        public void lost() {
            told.add("lost");
        }

        @Override
        public void refused(RuntimeException cause) {
            told.add("refused");
            refusal = cause;
        }

        @Override
        public void leaveDelayed() {
            told.add("leaveDelayed");
        }

        @Override
        public void left() {
            told.add("left");
        }
    }

    static Failure failure(Failure.Kind kind) {
        return new Failure(kind, new IllegalStateException(kind.name()));
    }

    Client client(long session, QueueKind kind) {
        return new Client(session, Entrance.atTheEnd("/q", kind));
    }

    Client inheriting(Client holder, QueueKind kind) {
        return new Client(holder.session, Entrance.inPlaceOf(holder.place, "/q", kind));
    }

    List<String> names() {
        return List.copyOf(nodes.keySet());
    }

    /** Somebody deletes a node. */
    boolean remove(String name) {
        boolean there = nodes.remove(name) != null;
        if (there) {
            for (Watch watch : List.copyOf(watches)) {
                if (watch.name.equals(name)) {
                    watches.remove(watch);
                    events++;
                    if (eventsOvertakeAnswers) {
                        line.addFirst(watch.event);
                    } else {
                        line.add(watch.event);
                    }
                }
            }
        }
        return there;
    }

    /** The nodes of a session vanish, as when the server expires it. */
    void expire(long session) {
        for (Place place : List.copyOf(nodes.values())) {
            if (place.session() == session) {
                remove(place.name());
            }
        }
    }

    /** Lets one thing through: a request reaches the server, an answer or an event its client. */
    void oneStep() {
        line.remove().run();
    }

    /** Lets all through; what never comes to rest is an error. */
    void settle() {
        int steps = 0;
        while (!line.isEmpty()) {
            line.remove().run();
            if (++steps > 10_000) {
                throw new AssertionError("it goes on for ever: " + requests.subList(0, 20));
            }
        }
    }

    /** What happens from now on is not told any more, as when the server forgets a connection. */
    void loseWatches() {
        watches.clear();
    }
}
