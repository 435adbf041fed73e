package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.RequestTimeoutException;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** The core on one thread, with contenders that do what the test says. */
class LockCoreTest {
    private final Thread me = Thread.currentThread();
    private final Thread other = new Thread("other");
    private final List<FakeContender> contenders = new ArrayList<>();
    /** Never started: it has no session and sends nothing. */
    private final CoordClient client =
            CoordClient.builder().connectString("localhost:1").build();

    private LockCore core;

    private LockCore core() {
        core = new LockCore(
                "/q",
                (entrance, listener) -> {
                    FakeContender contender = new FakeContender(entrance, listener);
                    contenders.add(contender);
                    return contender;
                },
                hold -> new Lease(client, client.serialExecutor(), core, hold));
        return core;
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
            listener.granted(new Place("/q/x-" + entrance.kind().marker() + String.format("%010d", number), number, 1));
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

    private Acquisition ask(Thread thread, QueueKind kind) {
        Acquisition call = new Acquisition(kind, thread, false);
        core.acquire(call);
        return call;
    }

    private static Lease lease(Acquisition call) {
        assertThat(call.result).isDone();
        return call.result.join().orElseThrow();
    }

    private Lease take(Thread thread, QueueKind kind, int number) {
        Acquisition call = ask(thread, kind);
        last().grant(number);
        return lease(call);
    }

    private FakeContender last() {
        return contenders.get(contenders.size() - 1);
    }

    @Test
    void leavesWhenTheLastLeaseOfAThreadIsReleased() {
        core();
        Lease outer = take(me, QueueKind.MUTEX, 1);
        Lease inner = lease(ask(me, QueueKind.MUTEX));
        assertThat(contenders).hasSize(1);
        assertThat(core.newestLease(me, QueueKind.MUTEX)).isSameAs(inner);

        core.release(outer);
        assertThat(last().isLeaving).isFalse();
        core.release(outer);
        assertThat(last().isLeaving).isFalse();
        core.release(inner);

        assertThat(last().isLeaving).isTrue();
        assertThat(core.newestLease(me, QueueKind.MUTEX)).isNull();
        assertThat(core.isHeldBy(me, QueueKind.MUTEX)).isFalse();
    }

    @Test
    void otherThreadsAndCallsWithoutAThreadContendForThemselves() {
        core();
        take(me, QueueKind.MUTEX, 1);
        ask(other, QueueKind.MUTEX);
        ask(null, QueueKind.MUTEX);
        ask(null, QueueKind.MUTEX);

        assertThat(contenders).hasSize(4);
    }

    @Test
    void writerStaysUntilTheReaderStandsInItsPlace() {
        core();
        Lease write = take(me, QueueKind.WRITE, 5);
        FakeContender writer = last();
        Acquisition read = ask(me, QueueKind.READ);
        FakeContender reader = last();
        assertThat(reader.entrance.inheritedKey()).isEqualTo("0000000005");
        // Somebody else releases the write lease while the reader's node is being made.
        core.release(write);
        assertThat(writer.isLeaving).isFalse();

        reader.grant(5);
        assertThat(writer.isLeaving).isTrue();
        assertThat(lease(read).hold().state()).isEqualTo(LeaseState.HELD);
    }

    @Test
    void readerThatCannotInheritContendsLikeAllOthers() {
        core();
        take(me, QueueKind.WRITE, 5);
        FakeContender writer = last();
        Acquisition read = ask(me, QueueKind.READ);
        FakeContender reader = last();
        writer.listener.lost();
        reader.listener.refused(placeNotInherited());
        reader.listener.left();

        assertThat(contenders).hasSize(3);
        assertThat(last().entrance.inheritedKey()).isNull();
        last().grant(9);
        assertThat(lease(read).fencingToken()).isEqualTo(9);
    }

    private static RuntimeException placeNotInherited() {
        // Only its own package makes them; the core that a lost session refuses does.
        List<RuntimeException> told = new ArrayList<>();
        io.coord.recipes.internal.queue.RefusedInheritance.tell(told::add);
        return told.get(0);
    }

    @Test
    void refusesAnUpgradeButNotAfterTheReadLockIsLost() {
        core();
        take(me, QueueKind.READ, 1);
        Acquisition refused = ask(me, QueueKind.WRITE);
        assertThatThrownBy(refused.result::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LockUpgradeException.class);
        assertThat(contenders).hasSize(1);

        last().listener.lost();
        ask(me, QueueKind.WRITE);
        assertThat(contenders).hasSize(2);
    }

    @Test
    void lostLeaseIsNotSharedAndIsReleasedWithoutEffect() {
        core();
        Lease lost = take(me, QueueKind.MUTEX, 1);
        FakeContender first = last();
        first.listener.suspended();
        assertThat(lost.hold().state()).isEqualTo(LeaseState.SUSPECT);
        first.listener.lost();
        assertThat(lost.hold().state()).isEqualTo(LeaseState.LOST);

        Lease fresh = take(me, QueueKind.MUTEX, 2);
        assertThat(fresh.hold()).isNotSameAs(lost.hold());
        core.release(lost);
        assertThat(first.isLeaving).isFalse();
        assertThat(last().isLeaving).isFalse();
        assertThat(core.isHeldBy(me, QueueKind.MUTEX)).isTrue();
    }

    @Test
    void newCallsWaitForAReleaseThatWasNotConfirmed() {
        core();
        Lease lease = take(me, QueueKind.MUTEX, 1);
        FakeContender first = last();
        core.release(lease);
        first.listener.leaveDelayed();
        Acquisition next = ask(me, QueueKind.MUTEX);
        assertThat(contenders).hasSize(1);

        first.listener.left();
        assertThat(contenders).hasSize(2);
        last().grant(2);
        lease(next);
    }

    @Test
    void deadlineTellsContentionFromServersOutOfReach() {
        core();
        Acquisition contended = ask(me, QueueKind.MUTEX);
        last().listener.waiting();
        core.deadlinePassed(contended, false);
        assertThat(contended.result.join()).isEmpty();
        assertThat(last().isLeaving).isTrue();

        Acquisition unreachable = ask(me, QueueKind.MUTEX);
        core.deadlinePassed(unreachable, false);
        assertThatThrownBy(unreachable.result::join).hasCauseInstanceOf(RequestTimeoutException.class);
        assertThat(last().isLeaving).isTrue();

        Acquisition hasty = ask(me, QueueKind.MUTEX);
        core.deadlinePassed(hasty, true);
        assertThat(hasty.result.join()).isEmpty();
    }

    @Test
    void impatientCallGivesUpAsSoonAsSomebodyIsInTheWay() {
        core();
        Acquisition call = new Acquisition(QueueKind.MUTEX, me, true);
        core.acquire(call);
        assertThat(call.result).isNotDone();
        last().listener.waiting();

        assertThat(call.result.join()).isEmpty();
        assertThat(last().isLeaving).isTrue();
    }

    @Test
    void lockThatComesForACancelledCallIsGivenBack() {
        core();
        Acquisition call = ask(me, QueueKind.MUTEX);
        call.result.cancel(false);
        last().grant(1);

        assertThat(last().isLeaving).isTrue();
        assertThat(core.isHeldBy(me, QueueKind.MUTEX)).isFalse();
        assertThat(core.newestLease(me, QueueKind.MUTEX)).isNull();
    }

    @Test
    void sidesOfALockDoNotReleaseEachOthersLeases() {
        core();
        Lease write = take(me, QueueKind.WRITE, 5);
        Acquisition read = ask(me, QueueKind.READ);
        last().grant(5);

        assertThat(core.newestLease(me, QueueKind.WRITE)).isSameAs(write);
        assertThat(core.newestLease(me, QueueKind.READ)).isSameAs(lease(read));
    }

    @Test
    void ownerThatIsNoThreadReEntersDowngradesAndIsRefusedAnUpgrade() {
        core();
        LockOwner job = new LockOwner("job");
        Acquisition first = new Acquisition(QueueKind.WRITE, job, false);
        core.acquire(first);
        last().grant(5);
        Acquisition again = new Acquisition(QueueKind.WRITE, job, false);
        core.acquire(again);
        assertThat(contenders).hasSize(1);
        assertThat(core.newestLease(job, QueueKind.WRITE)).isSameAs(lease(again));
        Acquisition read = new Acquisition(QueueKind.READ, job, false);
        core.acquire(read);
        assertThat(last().entrance.inheritedKey()).isEqualTo("0000000005");
        last().grant(5);

        Acquisition namesake = new Acquisition(QueueKind.WRITE, new LockOwner("job"), false);
        core.acquire(namesake);
        assertThat(namesake.result).isNotDone();
        core.release(lease(first));
        core.release(lease(again));
        Acquisition upgrade = new Acquisition(QueueKind.WRITE, job, false);
        core.acquire(upgrade);
        assertThatThrownBy(upgrade.result::join).hasCauseInstanceOf(LockUpgradeException.class);
    }

    @Test
    void znodesHoldWhatTheirCallBrings() {
        core();
        core.acquire(new Acquisition(QueueKind.MUTEX, me, false, new byte[] {7}));

        assertThat(last().entrance.data()).containsExactly(7);
    }

    @Test
    void requestToReleaseIsRememberedForLeasesThatFollow() {
        core();
        Lease lease = take(me, QueueKind.MUTEX, 1);
        last().listener.releaseRequested();

        assertThat(lease.hold().releaseRequested).isTrue();
        assertThat(lease(ask(me, QueueKind.MUTEX)).hold().releaseRequested).isTrue();
    }

    @Test
    void readerDoesNotAskAgainForThePlaceOfAWriterThatIsGoneUnnoticed() {
        core();
        take(me, QueueKind.WRITE, 5);
        FakeContender writer = last();
        Acquisition read = ask(me, QueueKind.READ);
        last().listener.refused(placeNotInherited());
        assertThat(writer.looks).isEqualTo(1);
        assertThat(contenders).hasSize(3);
        assertThat(last().entrance.inheritedKey()).isNull();
        last().grant(9);

        assertThat(lease(read).fencingToken()).isEqualTo(9);
    }
}
