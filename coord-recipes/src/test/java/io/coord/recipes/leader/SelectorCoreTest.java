package io.coord.recipes.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorCoreTest implements SelectorCore.Port<String> {
    private final List<String> told = new ArrayList<>();
    private final SelectorCore<String> core = new SelectorCore<>(this);

    @Override
    public void acquire() {
        told.add("acquire");
    }

    @Override
    public void cancelAcquire() {
        told.add("cancel");
    }

    @Override
    public void runTask(long generation, String lock) {
        told.add("run " + generation + " " + lock);
    }

    @Override
    public void interruptTask() {
        told.add("interrupt");
    }

    @Override
    public void release(String lock) {
        told.add("release " + lock);
    }

    @Override
    public void retryLater(RuntimeException cause) {
        told.add("retry later");
    }

    @Override
    public void ended() {
        told.add("ended");
    }

    @Test
    void leadsUntilItsTaskEndsAndContendsAgainOnlyWhenTold() {
        assertThat(core.requeue()).isTrue();
        assertThat(core.requeue()).isFalse();
        core.acquired("a");
        assertThat(core.isLeading()).isTrue();
        assertThat(core.requeue()).isFalse();
        core.taskEnded();
        core.released();
        assertThat(told).containsExactly("acquire", "run 1 a", "release a");
        core.requeueAlways();
        assertThat(core.requeue()).isTrue();
        core.acquired("b");
        core.taskEnded();
        core.released();

        assertThat(told)
                .containsExactly("acquire", "run 1 a", "release a", "acquire", "run 2 b", "release b", "acquire");
    }

    @Test
    void lostLeadershipEndsWithItsTaskAndIsInterruptedOnce() {
        core.requeueAlways();
        core.requeue();
        core.acquired("a");
        core.stopLeading(1);
        core.stopLeading(1);
        core.stopLeading();
        assertThat(told).containsExactly("acquire", "run 1 a", "interrupt");
        core.taskEnded();
        core.released();
        core.acquired("b");
        core.stopLeading(1);

        assertThat(told)
                .as("the loss of an earlier leadership means nothing to the next")
                .containsExactly("acquire", "run 1 a", "interrupt", "release a", "acquire", "run 2 b");
    }

    @Test
    void closesInEachState() {
        core.close();
        assertThat(told).containsExactly("ended");
        assertThat(core.requeue()).isFalse();
    }

    @Test
    void closesWhileItWaitsAndGivesBackWhatComesTooLate() {
        core.requeue();
        core.close();
        core.acquired("a");
        core.close();
        assertThat(told).containsExactly("acquire", "cancel", "release a");
        core.released();
        core.withdrawn();

        assertThat(told).containsExactly("acquire", "cancel", "release a", "ended");
    }

    @Test
    void endsOnlyWhenWhatItWaitedWithIsGone() {
        core.requeue();
        core.close();
        core.refused(new IllegalStateException("cancelled"), false);
        core.retry();
        assertThat(told).containsExactly("acquire", "cancel");
        core.withdrawn();

        assertThat(told).containsExactly("acquire", "cancel", "ended");
    }

    @Test
    void endsOnlyWhenWhatWasRefusedIsGone() {
        core.requeue();
        core.refused(new IllegalStateException(), false);
        core.close();
        core.retry();
        core.withdrawn();

        assertThat(told).containsExactly("acquire", "retry later", "cancel", "ended");
    }

    @Test
    void closesWhileItLeadsWhenTheTaskHasEnded() {
        core.requeueAlways();
        core.requeue();
        core.acquired("a");
        core.close();
        assertThat(told).endsWith("interrupt");
        core.taskEnded();
        assertThat(told).endsWith("release a");
        core.released();

        assertThat(told).endsWith("release a", "ended");
    }

    @Test
    void triesAgainAfterARefusalUnlessTheClientIsClosed() {
        core.requeue();
        core.refused(new IllegalStateException(), false);
        core.retry();
        core.refused(new IllegalStateException(), true);
        core.retry();

        assertThat(told).containsExactly("acquire", "retry later", "acquire", "ended");
    }
}
