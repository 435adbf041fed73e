package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.RequestTimeoutException;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The core on one thread; the test says what contenders hear and what the list of permits shows. */
class SemaphoreCoreTest {
    private final FakePort port = new FakePort();
    /** Never started: it has no session and sends nothing. */
    private final CoordClient client =
            CoordClient.builder().connectString("localhost:1").build();

    private final SemaphoreCore core = new SemaphoreCore("/s", "/s/locks", "/s/leases", 2, port, this::leaseOf);

    private Lease leaseOf(Hold hold) {
        return new Lease(client, client.serialExecutor(), core, hold);
    }

    private static final class FakePort implements SemaphoreCore.Port {
        final List<FakeContender> turns = new ArrayList<>();
        final List<FakeContender> permits = new ArrayList<>();
        final List<String> told = new ArrayList<>();
        long counting;
        long pausing;

        @Override
        public Contender contend(Entrance entrance, ContenderListener listener) {
            FakeContender contender = new FakeContender(entrance, listener);
            (entrance.kind() == QueueKind.LEASE ? permits : turns).add(contender);
            return contender;
        }

        @Override
        public void count(long ticket, boolean watching) {
            counting = ticket;
            told.add(watching ? "count and watch" : "count");
        }

        @Override
        public void unwatch(long ticket) {
            told.add("unwatch");
        }

        @Override
        public void pause(int failures, long ticket) {
            pausing = ticket;
            told.add("pause " + failures);
        }
    }

    private static final class FakeContender implements Contender {
        final Entrance entrance;
        final ContenderListener listener;
        boolean isLeaving;
        int looks;

        FakeContender(Entrance entrance, ContenderListener listener) {
            this.entrance = entrance;
            this.listener = listener;
        }

        void grant(int number) {
            String name = "x-" + entrance.kind().marker() + String.format("%010d", number);
            listener.granted(new Place(entrance.childPath(name), number, 1));
        }

        @Override
        public void leave() {
            isLeaving = true;
        }

        @Override
        public void watchOwnNode() {}

        @Override
        public void verify() {
            looks++;
        }
    }

    private PermitCall ask(int permits) {
        PermitCall call = new PermitCall(permits, false, new byte[0]);
        core.acquire(call);
        return call;
    }

    private FakeContender turn() {
        return port.turns.get(port.turns.size() - 1);
    }

    private FakeContender permit(int index) {
        return port.permits.get(index);
    }

    private void counted(String... numbers) {
        List<String> names = new ArrayList<>();
        for (String number : numbers) {
            names.add("x-lease-000000000" + number);
        }
        core.counted(port.counting, names);
    }

    private static List<Lease> leases(PermitCall call) {
        assertThat(call.result).isDone();
        return call.result.join().orElseThrow();
    }

    @Test
    void takesAPermitInItsTurnAndPassesTheTurnOn() {
        PermitCall call = ask(1);
        assertThat(port.permits).isEmpty();
        turn().grant(1);
        permit(0).grant(1);
        assertThat(port.told).containsExactly("count");
        assertThat(turn().isLeaving).isFalse();
        counted("0", "1");

        Lease lease = leases(call).get(0);
        assertThat(lease.fencingToken()).isEqualTo(1);
        assertThat(turn().isLeaving).isTrue();
        assertThat(permit(0).isLeaving).isFalse();
        core.release(lease);
        core.release(lease);
        assertThat(permit(0).isLeaving).isTrue();
    }

    @Test
    void waitsWithTheTurnUntilThereAreFewEnough() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        counted("0", "1", "2");
        assertThat(port.told).containsExactly("count", "count and watch");
        counted("0", "1", "2");
        assertThat(call.result).isNotDone();
        core.permitsChanged(port.counting);
        counted("1", "2");

        assertThat(leases(call)).hasSize(1);
        assertThat(port.told).containsExactly("count", "count and watch", "count and watch", "unwatch");
    }

    @Test
    void changeThatOvertakesTheAnswerIsNotMissed() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        counted("0", "1", "2");
        core.permitsChanged(port.counting);
        counted("0", "1", "2");
        assertThat(port.told).containsExactly("count", "count and watch", "count and watch");
        counted("1", "2");

        assertThat(leases(call)).hasSize(1);
    }

    @Test
    void severalPermitsAreGivenTogetherOrNotAtAll() {
        PermitCall call = ask(2);
        turn().grant(1);
        assertThat(port.permits).hasSize(2);
        permit(0).grant(1);
        assertThat(port.told).isEmpty();
        permit(1).grant(2);
        counted("0", "1", "2");
        counted("0", "1", "2");
        core.deadlinePassed(call, true);

        assertThat(call.result.join()).isEmpty();
        assertThat(port.permits).allMatch(permit -> permit.isLeaving);
        assertThat(turn().isLeaving).isTrue();
        assertThat(port.told).endsWith("unwatch");
    }

    @Test
    void refusedPermitTakesTheOthersWithIt() {
        PermitCall call = ask(2);
        turn().grant(1);
        permit(0).grant(1);
        permit(1).listener.refused(new IllegalStateException("not allowed"));

        assertThatThrownBy(call.result::join).hasRootCauseMessage("not allowed");
        assertThat(permit(0).isLeaving).isTrue();
        assertThat(turn().isLeaving).isTrue();
    }

    @Test
    void lostSessionCostsThePlaceNotTheWait() {
        PermitCall call = ask(2);
        turn().grant(1);
        permit(0).grant(1);
        permit(1).grant(2);
        permit(0).listener.suspended();
        permit(1).listener.suspended();
        permit(0).listener.lost();
        turn().listener.lost();
        assertThat(port.turns).hasSize(2);
        permit(1).listener.lost();
        port.told.clear();
        int old = port.permits.size();
        turn().grant(9);
        permit(old).grant(10);
        permit(old + 1).grant(11);
        core.counted(port.counting, List.of("x-lease-0000000010", "x-lease-0000000011"));

        assertThat(leases(call)).extracting(Lease::fencingToken).containsExactly(10L, 11L);
    }

    @Test
    void permitThatSomebodyDeletesWhileOthersAreWaitedForIsReplaced() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        counted("0");
        assertThat(permit(0).looks).isEqualTo(1);
        permit(0).listener.lost();
        core.pauseOver(port.pausing);
        assertThat(port.permits).hasSize(2);
        permit(1).grant(3);
        counted("0", "3");

        assertThat(leases(call).get(0).fencingToken()).isEqualTo(3);
    }

    @Test
    void permitThatIsLostDuringACountIsReplacedAfterIt() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        permit(0).listener.lost();
        counted("0", "2");
        assertThat(call.result).isNotDone();
        assertThat(port.permits).hasSize(2);
        permit(1).grant(3);
        counted("0", "3");

        assertThat(leases(call)).hasSize(1);
    }

    @Test
    void nothingIsGivenWhileNobodyKnowsWhetherThePermitsAreThere() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        permit(0).listener.suspended();
        counted("2");
        assertThat(call.result).isNotDone();
        permit(0).listener.restored();
        counted("2");

        assertThat(leases(call)).hasSize(1);
    }

    @Test
    void countsAgainAfterAFailure() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        core.countFailed(port.counting, new Failure(Failure.Kind.UNKNOWN, new IllegalStateException()));
        assertThat(port.told).containsExactly("count", "pause 1");
        core.pauseOver(port.pausing);
        counted("2");

        assertThat(leases(call)).hasSize(1);
    }

    @Test
    void newLimitHoldsForThoseWhoWait() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        counted("0", "1", "2");
        counted("0", "1", "2");
        core.limit(3);
        counted("0", "1", "2");

        assertThat(leases(call)).hasSize(1);
    }

    @Test
    void impatientCallGivesUpInFrontOfAnybody() {
        PermitCall behindOthers = new PermitCall(1, true, new byte[0]);
        core.acquire(behindOthers);
        turn().listener.waiting();
        assertThat(behindOthers.result.join()).isEmpty();
        assertThat(turn().isLeaving).isTrue();

        PermitCall noneLeft = new PermitCall(1, true, new byte[0]);
        core.acquire(noneLeft);
        turn().grant(2);
        permit(0).grant(2);
        counted("0", "1", "2");
        assertThat(noneLeft.result.join()).isEmpty();
        assertThat(permit(0).isLeaving).isTrue();
    }

    @Test
    void deadlineTellsContentionFromServersOutOfReach() {
        PermitCall unreachable = ask(1);
        core.deadlinePassed(unreachable, false);
        assertThatThrownBy(unreachable.result::join).hasCauseInstanceOf(RequestTimeoutException.class);
        assertThat(turn().isLeaving).isTrue();
    }

    @Test
    void permitsThatComeForACancelledCallAreGivenBack() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        call.result.cancel(false);
        counted("2");

        assertThat(permit(0).isLeaving).isTrue();
        assertThat(turn().isLeaving).isTrue();
    }

    @Test
    void lostPermitIsReleasedWithoutEffect() {
        PermitCall call = ask(1);
        turn().grant(1);
        permit(0).grant(2);
        counted("2");
        Lease lease = leases(call).get(0);
        permit(0).listener.suspended();
        assertThat(lease.hold().state()).isEqualTo(LeaseState.SUSPECT);
        permit(0).listener.lost();
        assertThat(lease.hold().state()).isEqualTo(LeaseState.LOST);
        core.release(lease);

        assertThat(permit(0).isLeaving).isFalse();
    }
}
