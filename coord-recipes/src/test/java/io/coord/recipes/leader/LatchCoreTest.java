package io.coord.recipes.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.ClientClosedException;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.lock.LeaseState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatchCoreTest implements LatchCore.Port {
    private final List<String> told = new ArrayList<>();
    private final List<ContenderListener> contenders = new ArrayList<>();
    private final LatchCore core = new LatchCore("/e", this);

    private ContenderListener last() {
        return contenders.get(contenders.size() - 1);
    }

    private static Place place(long czxid) {
        return new Place("/e/latch-" + czxid, czxid, 1);
    }

    @Override
    public Contender contend(Entrance entrance, ContenderListener listener) {
        contenders.add(listener);
        return new Contender() {
            @Override
            public void leave() {
                told.add("leave");
            }

            @Override
            public void watchOwnNode() {
                told.add("watch");
            }

            @Override
            public void verify() {}
        };
    }

    @Override
    public void retryLater(RuntimeException cause) {
        told.add("retry later");
    }

    @Override
    public Leadership leadership(long generation, Place place) {
        return new Leadership(generation, place.czxid(), place.path(), new FixedTenure(LeaseState.HELD));
    }

    @Override
    public void becameLeader(Leadership leadership, Place place) {
        told.add("is " + leadership.generation() + " " + leadership.fencingToken());
    }

    @Override
    public void lostLeadership(Leadership leadership) {
        told.add("not " + leadership.generation() + " " + leadership.fencingToken());
    }

    @Override
    public void ended() {
        told.add("ended");
    }

    @Test
    void eachTimeOfLeadingHasAGenerationOfItsOwn() {
        core.start();
        last().granted(place(7));
        last().suspended();
        last().restored();
        last().lost();
        last().granted(place(9));

        assertThat(told).containsExactly("watch", "is 1 7", "not 1 7", "is 2 7", "not 2 7", "watch", "is 3 9");
        assertThat(contenders).hasSize(2);
    }

    @Test
    void tellsTheEndOfALeadershipOnce() {
        core.start();
        last().granted(place(7));
        last().suspended();
        last().lost();

        assertThat(told).containsExactly("watch", "is 1 7", "not 1 7");
        assertThat(contenders).hasSize(2);
    }

    @Test
    void closesSilentlyOrNot() {
        core.start();
        last().granted(place(7));
        core.close(false);
        last().left();
        assertThat(told).containsExactly("watch", "is 1 7", "leave", "ended");

        LatchCore loud = new LatchCore("/e", this);
        told.clear();
        loud.start();
        last().granted(place(8));
        loud.close(true);
        last().left();
        assertThat(told).containsExactly("watch", "is 1 8", "not 1 8", "leave", "ended");
    }

    @Test
    void doesNotContendWhenItWasClosedBeforeItsStartWasDone() {
        core.close(true);
        core.start();

        assertThat(contenders).isEmpty();
        assertThat(told).containsExactly("ended");
    }

    @Test
    void doesNotRiseAgainWhileItCloses() {
        core.start();
        last().granted(place(7));
        last().suspended();
        core.close(true);
        last().restored();
        last().lost();

        assertThat(told).containsExactly("watch", "is 1 7", "not 1 7", "leave", "ended");
    }

    @Test
    void triesAgainWhenItWasRefusedButNotWhenTheClientIsClosed() {
        core.start();
        last().refused(new IllegalStateException("no"));
        last().left();
        core.retry();
        assertThat(contenders).hasSize(2);
        last().refused(new ClientClosedException("x", null, "closed"));
        last().left();

        assertThat(told).containsExactly("retry later", "ended");
    }
}
