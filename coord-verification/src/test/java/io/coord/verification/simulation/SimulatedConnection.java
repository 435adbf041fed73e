package io.coord.verification.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One connection between a client and a server, as TCP gives it: bytes arrive in order or not at all, a close arrives behind
 * what was sent before it, and each side may learn of a break at another moment, or not before the network is whole again.
 */
final class SimulatedConnection {
    /** One side's view. Called on its own process. */
    interface End {
        void onBytes(byte[] bytes);

        /** Once, unless this side has closed. */
        void onClosed(String reason);
    }

    private final class Direction {
        final SimulatedProcess from;
        final SimulatedProcess to;
        final int receiverLife;
        final Deque<Segment> inFlight = new ArrayDeque<>();
        End receiver;
        long lastArrivalNs;
        boolean ended;

        Direction(SimulatedProcess from, SimulatedProcess to) {
            this.from = from;
            this.to = to;
            this.receiverLife = to.incarnation();
        }

        void put(Runnable arrival) {
            lastArrivalNs = Math.max(lastArrivalNs + 1, queue.nowNs() + network.segmentLatencyNs());
            inFlight.addLast(new Segment(lastArrivalNs, arrival));
            queue.in(lastArrivalNs - queue.nowNs(), this::arrive);
        }

        /** What a blocked network held up comes all at once when it is whole again. */
        void arrive() {
            while (!inFlight.isEmpty()
                    && inFlight.getFirst().dueNs() <= queue.nowNs()
                    && !network.isBlocked(from, to)) {
                Segment segment = inFlight.removeFirst();
                if (to.isAlive() && to.incarnation() == receiverLife) {
                    to.in(0, segment.arrival());
                }
            }
        }
    }

    private record Segment(long dueNs, Runnable arrival) {}

    private final EventQueue queue;
    private final SimulatedNetwork network;
    private final Direction toServer;
    private final Direction toClient;
    private boolean gone;

    SimulatedConnection(EventQueue queue, SimulatedNetwork network, SimulatedProcess client, SimulatedProcess server) {
        this.queue = queue;
        this.network = network;
        this.toServer = new Direction(client, server);
        this.toClient = new Direction(server, client);
        network.opened(this);
    }

    void attach(End client, End server) {
        toClient.receiver = client;
        toServer.receiver = server;
    }

    boolean touches(SimulatedProcess process) {
        return toServer.from == process || toServer.to == process;
    }

    boolean isBetween(SimulatedProcess client, SimulatedProcess server) {
        return toServer.from == client && toServer.to == server;
    }

    void sendToServer(byte[] bytes) {
        send(toServer, bytes);
    }

    void sendToClient(byte[] bytes) {
        send(toClient, bytes);
    }

    void closeByClient(String reason) {
        close(toServer, toClient, reason);
    }

    void closeByServer(String reason) {
        close(toClient, toServer, reason);
    }

    private void send(Direction direction, byte[] bytes) {
        if (!direction.ended && !gone) {
            direction.put(() -> {
                if (!gone && !reverse(direction).ended) {
                    direction.receiver.onBytes(bytes);
                }
            });
        }
    }

    /** One side closes: it hears nothing any more, the other one learns of it behind what was sent before. */
    private void close(Direction direction, Direction back, String reason) {
        if (direction.ended || gone) {
            return;
        }
        direction.ended = true;
        direction.put(() -> end(direction, back, reason));
    }

    private void end(Direction direction, Direction back, String reason) {
        network.closed(this);
        if (!gone && !back.ended) {
            gone = true;
            direction.receiver.onClosed(reason);
        }
        gone = true;
    }

    /** The network breaks it: what is on the way is lost; each side learns of it at once, or with what it sends next. */
    void cut(String reason) {
        if (gone) {
            return;
        }
        gone = true;
        network.closed(this);
        tellBroken(toClient, reason);
        tellBroken(toServer, reason);
    }

    /** The client's side breaks; what it had sent still arrives, and only then does the server learn of it. */
    void breakForClient(String reason) {
        if (gone || toServer.ended || toClient.ended) {
            return;
        }
        closeByClient(reason);
        toClient.to.in(network.latencyNs(), () -> toClient.receiver.onClosed(reason));
    }

    private void tellBroken(Direction direction, String reason) {
        if (!reverse(direction).ended
                && direction.to.isAlive()
                && direction.to.incarnation() == direction.receiverLife) {
            direction.to.in(network.latencyNs(), () -> direction.receiver.onClosed(reason));
        }
    }

    /** One of the processes died: the other side is told by the dead one's machine. */
    void onProcessGone(SimulatedProcess process) {
        if (!gone) {
            Direction toSurvivor = toServer.from == process ? toServer : toClient;
            if (toSurvivor.ended) {
                return;
            }
            toSurvivor.ended = true;
            toSurvivor.put(() -> end(toSurvivor, reverse(toSurvivor), "the other side is gone"));
        }
    }

    void onUnblocked() {
        queue.in(network.latencyNs(), () -> {
            toServer.arrive();
            toClient.arrive();
        });
    }

    private Direction reverse(Direction direction) {
        return direction == toServer ? toClient : toServer;
    }
}
