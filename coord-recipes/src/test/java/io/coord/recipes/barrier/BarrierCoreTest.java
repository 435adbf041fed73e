package io.coord.recipes.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.recipes.internal.queue.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierCoreTest implements BarrierCore.Port {
    private final List<String> told = new ArrayList<>();
    private final BarrierCore core = new BarrierCore(this);
    private long ticket;

    @Override
    public void look(long ofTicket) {
        ticket = ofTicket;
        told.add("look");
    }

    @Override
    public void unwatch() {
        told.add("unwatch");
    }

    @Override
    public void pause(int failures, long ofTicket) {
        told.add("pause " + failures);
    }

    @Override
    public void open() {
        told.add("open");
    }

    @Override
    public void refused(RuntimeException cause) {
        told.add("refused");
    }

    private static Failure failure(Failure.Kind kind) {
        return new Failure(kind, new IllegalStateException(kind.name()));
    }

    @Test
    void isOpenOnlyWhenTheServersSaySo() {
        core.start(true);
        core.found(ticket);
        core.changed(ticket);
        core.found(ticket);
        assertThat(told).containsExactly("look", "look");
        core.changed(ticket);
        core.lookFailed(ticket, failure(Failure.Kind.NO_NODE));

        assertThat(told).containsExactly("look", "look", "look", "open");
    }

    @Test
    void changeThatOvertakesTheAnswerIsNotMissed() {
        core.start(true);
        core.changed(ticket);
        core.found(ticket);

        assertThat(told).containsExactly("look", "unwatch", "look");
    }

    @Test
    void waitsForTheConnectionAndLooksAgainAfterIt() {
        core.start(false);
        assertThat(told).isEmpty();
        core.connected();
        core.found(ticket);
        core.disconnected();
        core.changed(ticket);
        assertThat(told).containsExactly("look");
        core.connected();

        assertThat(told).containsExactly("look", "look");
    }

    @Test
    void looksAgainAfterAPauseWhenAnAnswerWasLost() {
        core.start(true);
        core.lookFailed(ticket, failure(Failure.Kind.TRANSIENT));
        core.pauseOver(ticket);
        core.lookFailed(ticket, failure(Failure.Kind.UNKNOWN));
        core.pauseOver(ticket);
        core.lookFailed(ticket, failure(Failure.Kind.FINAL));

        assertThat(told).containsExactly("look", "pause 1", "look", "pause 2", "look", "refused");
    }

    @Test
    void stoppedWaitHearsNothingAnyMore() {
        core.start(true);
        core.stop();
        core.found(ticket);
        core.lookFailed(ticket, failure(Failure.Kind.NO_NODE));
        core.connected();

        assertThat(told).containsExactly("look", "unwatch");
    }
}
