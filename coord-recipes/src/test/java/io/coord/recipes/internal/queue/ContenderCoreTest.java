package io.coord.recipes.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContenderCoreTest {
    private final FakeQueue queue = new FakeQueue();

    private FakeQueue.Client entering(long session, QueueKind kind) {
        FakeQueue.Client client = queue.client(session, kind).start();
        queue.settle();
        return client;
    }

    @Test
    void entersAnEmptyQueueWithTwoRequests() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);

        assertThat(client.told).containsExactly("granted");
        assertThat(client.place.czxid()).isEqualTo(101);
        assertThat(queue.requests).containsExactly("create", "list");
    }

    @Test
    void watchesOnlyTheOneBeforeItAndEntersWhenThatOneLeaves() {
        FakeQueue.Client first = entering(1, QueueKind.MUTEX);
        FakeQueue.Client second = entering(2, QueueKind.MUTEX);
        FakeQueue.Client third = entering(3, QueueKind.MUTEX);
        queue.requests.clear();

        first.core.leave();
        queue.settle();

        assertThat(first.told).endsWith("left");
        assertThat(second.told).endsWith("granted");
        assertThat(third.told).containsExactly("waiting");
        assertThat(queue.requests).containsExactly("delete " + first.name(), "list");
    }

    @Test
    void movesUpWhenTheOneBeforeItGivesUpWaiting() {
        FakeQueue.Client first = entering(1, QueueKind.MUTEX);
        FakeQueue.Client second = entering(2, QueueKind.MUTEX);
        FakeQueue.Client third = entering(3, QueueKind.MUTEX);

        second.core.leave();
        queue.settle();

        assertThat(second.told).containsExactly("waiting", "unwatch", "left");
        assertThat(third.told).containsExactly("waiting", "waiting");
        first.core.leave();
        queue.settle();
        assertThat(third.told).endsWith("granted");
    }

    @Test
    void readersEnterTogetherBehindAWriter() {
        FakeQueue.Client writer = entering(1, QueueKind.WRITE);
        FakeQueue.Client reader = entering(2, QueueKind.READ);
        FakeQueue.Client otherReader = entering(3, QueueKind.READ);
        FakeQueue.Client lastWriter = entering(4, QueueKind.WRITE);

        writer.core.leave();
        queue.settle();

        assertThat(reader.told).endsWith("granted");
        assertThat(otherReader.told).endsWith("granted");
        assertThat(lastWriter.told).containsExactly("waiting");
    }

    @Test
    void blockerThatVanishesBeforeTheWatchIsArmedDoesNotHoldItUp() {
        FakeQueue.Client first = entering(1, QueueKind.MUTEX);
        FakeQueue.Client second = queue.client(2, QueueKind.MUTEX).start();
        for (int i = 0; i < 4; i++) {
            queue.oneStep();
        }
        assertThat(second.told).containsExactly("waiting");

        queue.remove(first.name());
        queue.settle();

        assertThat(second.told).containsExactly("waiting", "granted");
    }

    @Test
    void eventThatOvertakesTheAnswerToItsWatchIsNotForgotten() {
        FakeQueue.Client first = entering(1, QueueKind.MUTEX);
        FakeQueue.Client second = queue.client(2, QueueKind.MUTEX).start();
        for (int i = 0; i < 5; i++) {
            queue.oneStep();
        }
        assertThat(queue.requests).endsWith("watch " + first.name());
        queue.eventsOvertakeAnswers = true;
        queue.remove(first.name());
        queue.settle();

        assertThat(second.told).containsExactly("waiting", "granted");
    }

    @Test
    void findsItsNodeWhenTheAnswerToTheCreationWasLost() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX);
        client.loseNextAnswer = true;
        client.start();
        queue.settle();
        assertThat(client.told).containsExactly("pause 1");

        client.pauseOver();
        queue.settle();

        assertThat(client.told).endsWith("granted");
        assertThat(queue.names()).hasSize(1);
        assertThat(queue.requests).containsExactly("create", "list", "read", "list");
    }

    @Test
    void removesWhatALostCreationLeftBeforeItEnters() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX);
        client.loseNextAnswer = true;
        client.start();
        queue.settle();
        String ghost = queue.names().get(0);
        // The server that answers next has not seen the creation yet.
        queue.hidden.add(ghost);
        client.pauseOver();
        queue.oneStep();
        queue.oneStep();
        queue.hidden.clear();
        queue.settle();

        assertThat(client.told).endsWith("granted");
        assertThat(queue.names()).containsExactly(client.name()).doesNotContain(ghost);
    }

    @Test
    void removesWhatALostCreationLeftWhenItShowsUpOnlyAtTheEnd() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX);
        client.loseNextAnswer = true;
        client.start();
        queue.settle();
        queue.hidden.addAll(queue.names());
        client.pauseOver();
        queue.settle();
        assertThat(client.told).endsWith("granted");
        assertThat(queue.names()).hasSize(2);
        queue.hidden.clear();

        client.core.leave();
        queue.settle();

        assertThat(client.told).endsWith("left");
        assertThat(queue.names()).isEmpty();
    }

    @Test
    void givesUpWithoutLeavingAnythingWhenTheAnswerToTheCreationWasLost() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX);
        client.loseNextAnswer = true;
        client.start();
        queue.settle();
        assertThat(queue.names()).hasSize(1);

        client.core.leave();
        client.pauseOver();
        queue.settle();

        assertThat(queue.names()).isEmpty();
        assertThat(client.told).endsWith("left");
    }

    @Test
    void givesUpWithoutLeavingAnythingWhenTwoSessionsLostTheAnswerToTheirCreation() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX);
        client.loseNextAnswer = true;
        client.start();
        queue.settle();
        // The server still has the first session.
        client.core.suspended();
        client.core.sessionLost();
        client.loseNextAnswer = true;
        client.reconnect(2);
        queue.settle();
        assertThat(queue.names()).hasSize(2);
        client.pauseOver();
        // The list is answered, and it looks at the first of the two.
        queue.oneStep();
        queue.oneStep();

        client.core.leave();
        queue.settle();

        assertThat(queue.names()).isEmpty();
        assertThat(client.told).endsWith("left");
    }

    @Test
    void givesUpWhileTheCreationIsUnderWay() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX).start();
        client.core.leave();
        assertThat(client.told).isEmpty();

        queue.settle();

        assertThat(queue.names()).isEmpty();
        assertThat(client.told).containsExactly("left");
    }

    @Test
    void doesNotEnterOnANodeOfAnEarlierSession() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX).start();
        queue.oneStep();
        String old = queue.names().get(0);
        // The session ends for the client while the server still has it; the answer to the creation comes late.
        client.core.suspended();
        client.core.sessionLost();
        client.reconnect(2);
        queue.settle();

        assertThat(client.told).containsExactly("granted");
        assertThat(client.name()).isNotEqualTo(old);
        assertThat(client.place.session()).isEqualTo(2);
        assertThat(queue.names()).containsExactly(client.name());
    }

    @Test
    void waitsAgainWithANewNodeAfterItsSessionWasLost() {
        FakeQueue.Client holder = entering(1, QueueKind.MUTEX);
        FakeQueue.Client client = entering(2, QueueKind.MUTEX);
        client.expire();
        queue.expire(2);
        client.reconnect(3);
        queue.settle();
        assertThat(client.told).endsWith("waiting");

        holder.core.leave();
        queue.settle();

        assertThat(client.told).endsWith("granted");
        assertThat(client.place.session()).isEqualTo(3);
    }

    @Test
    void looksAgainAfterAReconnectBecauseTheEventMayBeMissing() {
        FakeQueue.Client holder = entering(1, QueueKind.MUTEX);
        FakeQueue.Client client = entering(2, QueueKind.MUTEX);
        client.core.suspended();
        queue.loseWatches();
        holder.core.leave();
        queue.settle();

        client.reconnect(2);
        queue.settle();

        assertThat(client.told).endsWith("granted");
    }

    @Test
    void holderIsSuspendedAndRestoredWhenItsNodeIsStillThere() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);
        client.core.suspended();
        client.reconnect(1);
        queue.settle();

        assertThat(client.told).containsExactly("granted", "suspended", "restored");
    }

    @Test
    void holderHasLostItsPlaceWhenSomebodyDeletedItsNodeMeanwhile() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);
        client.core.suspended();
        queue.remove(client.name());
        client.reconnect(1);
        queue.settle();

        assertThat(client.told).containsExactly("granted", "suspended", "lost");
    }

    @Test
    void holderHasLostItsPlaceWithItsSession() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);
        client.expire();
        client.reconnect(2);
        queue.settle();

        assertThat(client.told).containsExactly("granted", "suspended", "lost");
        assertThat(queue.names()).isEmpty();
    }

    @Test
    void leavesOnlyAfterTheDeletionIsConfirmed() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);
        client.loseNextAnswer = true;
        client.core.leave();
        queue.settle();
        assertThat(client.told).endsWith("pause 1", "leaveDelayed");

        client.core.suspended();
        client.reconnect(1);
        queue.settle();

        assertThat(client.told).endsWith("left");
        assertThat(queue.names()).isEmpty();
    }

    @Test
    void leavingWhileDisconnectedIsOverWhenTheSessionIs() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);
        client.core.suspended();
        client.core.leave();
        assertThat(client.told).endsWith("leaveDelayed");

        client.expire();

        assertThat(client.told).endsWith("left");
    }

    @Test
    void leavingBeforeTheFirstConnectionLeavesAtOnce() {
        FakeQueue.Client client = queue.client(0, QueueKind.MUTEX);
        client.core.start(false);
        client.core.leave();

        assertThat(client.told).containsExactly("left");
    }

    @Test
    void waitsForTheFirstConnection() {
        FakeQueue.Client client = queue.client(0, QueueKind.MUTEX);
        client.core.start(false);
        queue.settle();
        assertThat(queue.requests).isEmpty();

        client.reconnect(1);
        queue.settle();

        assertThat(client.told).containsExactly("granted");
    }

    @Test
    void isRefusedWhenTheServerWillNotCreateItsNode() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX);
        client.refuseEverything = true;
        client.start();
        queue.settle();

        assertThat(client.told).containsExactly("refused", "left");
        assertThat(client.refusal).hasMessage("FINAL");
    }

    @Test
    void leavesAtOnceWhenItDoesNotWantToWait() {
        entering(1, QueueKind.MUTEX);
        FakeQueue.Client client = queue.client(2, QueueKind.MUTEX);
        client.leavesWhenItHasToWait = true;
        client.start();
        queue.settle();

        assertThat(client.told).containsExactly("waiting", "left");
        assertThat(queue.names()).hasSize(1);
    }

    @Test
    void startsAgainWhenItsNodeWasDeletedWhileItWaited() {
        FakeQueue.Client holder = entering(1, QueueKind.MUTEX);
        FakeQueue.Client client = entering(2, QueueKind.MUTEX);
        queue.names().stream().filter(name -> !name.equals(holder.name())).forEach(queue::remove);
        holder.core.leave();
        queue.settle();

        assertThat(client.told).endsWith("granted");
        assertThat(queue.names()).containsExactly(client.name());
    }

    @Test
    void readerInTheWritersPlaceEntersAtOnceAndHoldsUpTheNextWriter() {
        FakeQueue.Client writer = entering(1, QueueKind.WRITE);
        FakeQueue.Client next = entering(2, QueueKind.WRITE);
        FakeQueue.Client reader = queue.inheriting(writer, QueueKind.READ).start();
        queue.settle();
        assertThat(reader.told).containsExactly("granted");
        assertThat(QueueEntry.of(reader.name()).sortKey())
                .isEqualTo(QueueEntry.of(writer.name()).sortKey());

        writer.core.leave();
        queue.settle();
        assertThat(next.told).doesNotContain("granted");

        reader.core.leave();
        queue.settle();
        assertThat(next.told).endsWith("granted");
    }

    @Test
    void readerCannotInheritAPlaceThatWasLostWithItsSession() {
        FakeQueue.Client writer = entering(1, QueueKind.WRITE);
        FakeQueue.Client reader = queue.inheriting(writer, QueueKind.READ);
        reader.start();
        reader.expire();
        queue.expire(1);
        reader.reconnect(2);
        queue.settle();

        assertThat(reader.told).startsWith("refused").endsWith("left");
        assertThat(reader.refusal).isInstanceOf(PlaceNotInheritedException.class);
        assertThat(queue.names()).isEmpty();
    }

    @Test
    void noticesThatItsNodeWasDeletedWhenToldToLook() {
        FakeQueue.Client client = entering(1, QueueKind.MUTEX);
        client.core.verify();
        queue.settle();
        assertThat(client.told).containsExactly("granted");

        queue.remove(client.name());
        client.core.verify();
        queue.settle();

        assertThat(client.told).containsExactly("granted", "lost");
    }

    @Test
    void closingTheClientEndsEveryState() {
        FakeQueue.Client holder = entering(1, QueueKind.MUTEX);
        FakeQueue.Client waiter = entering(2, QueueKind.MUTEX);
        FakeQueue.Client leaver = entering(3, QueueKind.MUTEX);
        leaver.core.suspended();
        leaver.core.leave();
        for (FakeQueue.Client client : List.of(holder, waiter, leaver)) {
            client.core.clientClosed(new IllegalStateException("closed"));
        }

        assertThat(holder.told).endsWith("lost");
        assertThat(waiter.told).endsWith("refused", "left");
        assertThat(leaver.told).endsWith("left");
    }

    @Test
    void readerCannotInheritAPlaceThatSomebodyDeleted() {
        FakeQueue.Client writer = entering(1, QueueKind.WRITE);
        FakeQueue.Client next = entering(2, QueueKind.WRITE);
        queue.remove(writer.name());
        FakeQueue.Client reader = queue.inheriting(writer, QueueKind.READ).start();
        queue.settle();

        assertThat(reader.told).containsExactly("refused", "left");
        assertThat(reader.refusal).isInstanceOf(PlaceNotInheritedException.class);
        assertThat(next.told).endsWith("granted");
        assertThat(queue.names()).containsExactly(next.name());
    }

    @Test
    void permitEntersAsSoonAsItsNodeIsThere() {
        FakeQueue.Client first = entering(1, QueueKind.LEASE);
        FakeQueue.Client second = entering(2, QueueKind.LEASE);

        assertThat(first.told).containsExactly("granted");
        assertThat(second.told).containsExactly("granted");
        assertThat(queue.requests).containsExactly("create", "create");
    }

    @Test
    void permitOfWhichAnAnswerWasLostLeavesNoSecondNode() {
        FakeQueue.Client client = queue.client(1, QueueKind.LEASE);
        client.loseNextAnswer = true;
        client.start();
        queue.settle();
        client.pauseOver();
        queue.settle();

        assertThat(client.told).endsWith("granted");
        assertThat(queue.names()).containsExactly(client.name());
    }

    @Test
    void oneWatchFiresForEachHandOverHoweverManyWait() {
        // 10,000 with -Dcoord.waiters=10000
        int waiters = Integer.getInteger("coord.waiters", 300);
        List<FakeQueue.Client> clients = new ArrayList<>();
        for (int i = 0; i <= waiters; i++) {
            clients.add(queue.client(i, QueueKind.MUTEX).start());
            queue.settle();
        }
        int listsBefore = Collections.frequency(queue.requests, "list");
        for (int i = 0; i < waiters; i++) {
            clients.get(i).core.leave();
            queue.settle();
            assertThat(clients.get(i + 1).told).endsWith("granted");
        }

        assertThat(queue.events).isEqualTo(waiters);
        assertThat(Collections.frequency(queue.requests, "list") - listsBefore)
                .as("only who was woken looks")
                .isEqualTo(waiters);
    }

    @Test
    void waitingReadersAreWokenByTheirOwnWriterOnly() {
        int chain = 20;
        List<FakeQueue.Client> writers = new ArrayList<>();
        List<FakeQueue.Client> readers = new ArrayList<>();
        for (int i = 0; i < chain; i++) {
            writers.add(entering(i, QueueKind.WRITE));
        }
        for (int i = 0; i < 50; i++) {
            readers.add(entering(100 + i, QueueKind.READ));
        }
        for (FakeQueue.Client writer : writers.subList(0, chain - 1)) {
            writer.core.leave();
            queue.settle();
        }
        assertThat(queue.events).as("one for each writer that followed").isEqualTo(chain - 1);

        writers.get(chain - 1).core.leave();
        queue.settle();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.told).endsWith("granted"));
        assertThat(queue.events).isEqualTo(chain - 1 + readers.size());
    }
}
