package io.coord.verification.simulation.invariant;

import io.coord.server.internal.state.CoordStateMachine;

/** G25, and with it G9 and the half of G7 that concerns the log. */
final class ReplicasAgree extends Invariant {
    private static final long EVERY = 8;

    private final History history;

    ReplicasAgree(History history) {
        super(
                "servers that have applied the same position hold the same tree, sessions and counters, however they got there");
        this.history = history;
    }

    @Override
    protected void onReplica(int server, long position, CoordStateMachine state) {
        require(
                position <= history.lastPosition(),
                "server %d is at position %d, which nobody has applied",
                server,
                position);
        require(
                state.lastZxid() == history.zxidAt(position),
                "server %d has zxid 0x%x at position %d, where history has 0x%x",
                server,
                state.lastZxid(),
                position,
                history.zxidAt(position));
        if (position == history.lastPosition()) {
            if (position % EVERY == 0) {
                compare(server, position, state.digest(), history.referenceDigest());
            }
        } else if (position % EVERY == 0) {
            long mine = state.digest();
            compare(server, position, mine, history.digestAt(position, mine));
        }
    }

    private void compare(int server, long position, long mine, long expected) {
        require(mine == expected, "server %d differs from history at position %d", server, position);
    }

    @Override
    protected void onRecovered(int server, CoordStateMachine state) {
        require(
                state.lastZxid() >= 0 && state.lastZxid() <= history.lastZxid(),
                "server %d recovered zxid 0x%x, beyond all that was applied",
                server,
                state.lastZxid());
    }
}
