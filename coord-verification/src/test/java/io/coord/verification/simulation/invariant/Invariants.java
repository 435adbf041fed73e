package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.state.CoordStateMachine;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All invariants, and the one place where the simulated world reports. The first breach is kept: cores may swallow what is
 * thrown through them, so whoever runs the simulation asks after each event.
 */
public final class Invariants {
    private final History history = new History();
    private final LongSupplier nowNs;
    private final List<Invariant> all;
    private @Nullable InvariantViolation first;

    public Invariants(LongSupplier nowNs, int tickMs) {
        this.nowNs = nowNs;
        this.all = List.of(
                new ReplicasAgree(history),
                new AcknowledgedWritesHappened(history),
                new WritesAreLinearizable(history),
                new RepliesComeInOrder(),
                new SessionsNeverGoBack(),
                new ReadsShowOneMoment(history),
                new TransactionsAreAtomic(history),
                new WatchesComeBeforeNewerData(history),
                new PersistentWatchesMissNothing(history),
                new EphemeralsLiveWithTheirSession(history),
                new SessionsEndOnce(history),
                new NoSessionExpiresEarly(tickMs),
                new SilentSessionsExpire(history, nowNs, tickMs),
                new SequenceNumbersCount(),
                new ZxidsGrow(history),
                new OneHolderPerLock(history),
                new OneLeaderPerElection(history),
                new PermitsStayWithinTheLimit(history),
                new CachesShowTheTree(history),
                new KeptZnodesAreThere(history),
                new BarriersHoldBack(history),
                new DoubleBarriersHoldTogether(history),
                new ItemsAreHandled(history),
                new LostLeasesAreTold(),
                new ReleasedLocksLeaveNothing(history),
                new CallsEnd());
    }

    public History history() {
        return history;
    }

    public List<Invariant> all() {
        return all;
    }

    /** @throws InvariantViolation the first breach so far */
    public void check() {
        if (first != null) {
            throw first;
        }
    }

    public boolean isBroken() {
        return first != null;
    }

    private void tell(Consumer<Invariant> what) {
        if (first != null) {
            return;
        }
        try {
            for (Invariant each : all) {
                what.accept(each);
            }
        } catch (InvariantViolation e) {
            first = e;
        }
    }

    /** Tells one invariant what concerns no other. */
    public <T extends Invariant> void tell(Class<T> invariant, Consumer<T> what) {
        tell(each -> {
            if (invariant.isInstance(each)) {
                what.accept(invariant.cast(each));
            }
        });
    }

    /** A server is about to apply a position. */
    public void onCommitted(int server, long position, Command command) {
        byte[] bytes = history.encode(command);
        if (position <= history.lastPosition()) {
            byte[] known = history.commandAt(position);
            if (!Arrays.equals(known, bytes)) {
                broken(ReplicasAgree.class, "server " + server + " has another command at position " + position);
            }
        } else if (position == history.lastPosition() + 1) {
            Commit commit = history.append(bytes);
            tell(each -> each.onApplied(commit));
        } else {
            broken(ReplicasAgree.class, "server " + server + " skips to position " + position);
        }
    }

    private void broken(Class<? extends Invariant> invariant, String what) {
        for (Invariant each : all) {
            if (invariant.isInstance(each) && first == null) {
                first = each.violation(what);
            }
        }
    }

    public void onReplica(int server, long position, CoordStateMachine state) {
        tell(each -> each.onReplica(server, position, state));
    }

    public void onRecovered(int server, CoordStateMachine state) {
        tell(each -> each.onRecovered(server, state));
    }

    public void onRole(int server, Role role) {
        tell(each -> each.onRole(server, role, nowNs.getAsLong()));
    }

    public void onContact(int server, long sessionId) {
        tell(each -> each.onContact(server, sessionId, nowNs.getAsLong()));
    }

    /** As {@link #onContact}, told a little later: it is not to make an older contact of a newer one. */
    public void onContactAt(int server, long sessionId, long atNs) {
        tell(each -> each.onContact(server, sessionId, atNs));
    }

    public long nowNs() {
        return nowNs.getAsLong();
    }

    public void onTouched(int server, long[] sessionIds) {
        tell(each -> each.onTouched(server, sessionIds, nowNs.getAsLong()));
    }

    public void onExpiryProposed(int server, long sessionId) {
        tell(each -> each.onExpiryProposed(server, sessionId, nowNs.getAsLong()));
    }

    public void onDisturbance() {
        tell(each -> each.onDisturbance(nowNs.getAsLong()));
    }

    public void onConnected(int client, long sessionId) {
        tell(each -> each.onConnected(client, sessionId));
    }

    public void onDisconnected(int client) {
        tell(each -> each.onDisconnected(client));
    }

    public void onClientGone(int client) {
        tell(each -> each.onClientGone(client));
    }

    public void onSent(int client, int xid, Request request) {
        tell(each -> each.onSent(client, xid, request));
    }

    public void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        tell(each -> each.onReply(client, xid, zxid, error, request, response));
    }

    public void onAbandoned(int client, Request request) {
        tell(each -> each.onAbandoned(client, request));
    }

    public void onEvent(int client, long zxid, WatcherEvent event) {
        tell(each -> each.onEvent(client, zxid, event));
    }

    public void onInvoked(Operation operation) {
        tell(each -> each.onInvoked(operation));
    }

    public void onCompleted(Operation operation) {
        tell(each -> each.onCompleted(operation));
    }

    /** A call is still without an outcome, though its deadline is over and its client had time to notice. */
    public void onOverdue(Operation operation) {
        broken(CallsEnd.class, operation.toString());
    }

    public void onGranted(Holder holder) {
        tell(each -> each.onGranted(holder));
    }

    public void onLeaseChanged(Holder holder, boolean told) {
        tell(each -> each.onLeaseChanged(holder, told));
    }

    public void onLeft(Holder holder) {
        tell(each -> each.onLeft(holder));
    }

    public void onLeads(Leader leader) {
        tell(each -> each.onLeads(leader));
    }

    public void onLeadsNoMore(Leader leader) {
        tell(each -> each.onLeadsNoMore(leader));
    }

    public void onPermit(Holder holder, int limit) {
        tell(each -> each.onPermit(holder, limit));
    }

    public void onPermitReleased(Holder holder) {
        tell(each -> each.onPermitReleased(holder));
    }

    public void atEnd() {
        tell(Invariant::atEnd);
    }

    /** Something does not come back although nothing is in its way any more. */
    public void onStuck(String what) {
        broken(CallsEnd.class, what);
    }
}
