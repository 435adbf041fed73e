package io.coord.recipes.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.recipes.internal.node.KeptNodeCore.Found;
import io.coord.recipes.internal.node.KeptNodeCore.Takeover;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptNodeCoreTest implements KeptNodeCore.Port {
    private final List<String> asked = new ArrayList<>();
    private long session = 1;
    private long pauseTicket;
    private KeptNodeCore core = new KeptNodeCore(true, Takeover.AT_FIRST, this);

    private List<String> takeAsked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    private void inPlace() {
        core.start(true);
        core.created(session);
        assertThat(takeAsked()).containsExactly("create", "IN_PLACE");
    }

    @Override
    public long session() {
        return session;
    }

    @Override
    public void create() {
        asked.add("create");
    }

    @Override
    public void read() {
        asked.add("read");
    }

    @Override
    public void write(int version) {
        asked.add("write " + version);
    }

    @Override
    public void replace(int version) {
        asked.add("replace " + version);
    }

    @Override
    public void delete(int version) {
        asked.add("delete " + version);
    }

    @Override
    public void pause(int failures, long ticket) {
        asked.add("pause " + failures);
        pauseTicket = ticket;
    }

    @Override
    public void stateChanged(KeptNode.State state) {
        asked.add(state.name());
    }

    @Test
    void atFirstItTakesOverWhatItFinds() {
        core.start(true);
        core.alreadyThere();
        core.found(new Found(99, 4, true));
        core.created(session);

        assertThat(asked).containsExactly("create", "read", "replace 4", "IN_PLACE");
    }

    @Test
    void looksAgainWhenTheLeftoverVanishesMeanwhile() {
        core.start(true);
        core.alreadyThere();
        core.found(new Found(99, 4, true));
        core.changedMeanwhile();
        core.nothingThere();
        core.created(session);

        assertThat(asked).containsExactly("create", "read", "replace 4", "read", "create", "IN_PLACE");
    }

    @Test
    void recognisesItsOwnNodeWhenTheAnswerWasLost() {
        core.start(true);
        core.failed();
        core.pauseOver(pauseTicket);
        core.found(new Found(session, 0, true));

        assertThat(asked).containsExactly("create", "pause 1", "read", "IN_PLACE");
    }

    @Test
    void replacesTheNodeOfItsOwnEarlierSession() {
        inPlace();
        core.disconnected();
        core.sessionLost();
        session = 2;
        core.connected();
        core.found(new Found(1, 0, true));
        core.created(2);

        assertThat(asked).containsExactly("MISSING", "read", "replace 0", "IN_PLACE");
    }

    @Test
    void knowsTheNodeOfASessionThatEndedBeforeItsAnswerCame() {
        inPlace();
        core.sessionLost();
        session = 2;
        core.connected();
        core.found(new Found(1, 0, true));
        core.sessionLost();
        core.failed();
        session = 3;
        core.connected();
        core.found(new Found(2, 0, true));
        core.created(3);

        assertThat(asked).containsExactly("MISSING", "read", "replace 0", "pause 1", "read", "replace 0", "IN_PLACE");
    }

    @Test
    void stopsWhenSomebodyElseHasTakenOver() {
        inPlace();
        core.changed();
        core.found(new Found(99, 0, true));
        core.changed();

        assertThat(asked).containsExactly("read", "DISPLACED");
        assertThat(core.isOver()).isTrue();
    }

    @Test
    void createsAgainWhatSomebodyDeleted() {
        inPlace();
        core.changed();
        core.nothingThere();
        core.created(session);

        assertThat(asked).containsExactly("read", "create");
    }

    @Test
    void writesWhatSomebodyChanged() {
        inPlace();
        core.changed();
        core.found(new Found(session, 1, false));
        core.written(session);

        assertThat(asked).containsExactly("read", "write 1");
    }

    @Test
    void updateThatComesWhileItCreatesIsNotForgotten() {
        core.start(true);
        core.update();
        core.created(session);
        core.found(new Found(session, 0, false));
        core.written(session);

        assertThat(asked).containsExactly("create", "IN_PLACE", "read", "write 0");
    }

    @Test
    void deletesOnlyItsOwnNode() {
        inPlace();
        core.remove();
        core.found(new Found(session, 3, true));
        core.deleted();
        assertThat(takeAsked()).containsExactly("read", "delete 3", "GONE");

        core = new KeptNodeCore(true, Takeover.AT_FIRST, this);
        inPlace();
        core.remove();
        core.found(new Found(99, 3, true));
        assertThat(asked).containsExactly("read", "GONE");
    }

    @Test
    void unregisteringWithoutAConnectionIsOverWithTheSession() {
        inPlace();
        core.disconnected();
        core.remove();
        assertThat(asked).isEmpty();
        core.sessionLost();

        assertThat(asked).containsExactly("GONE");
    }

    @Test
    void unregisteringWithoutAConnectionWaitsWhileACreationMayHaveHappened() {
        core.start(true);
        core.disconnected();
        core.failed();
        core.pauseOver(pauseTicket);
        core.remove();
        assertThat(takeAsked()).containsExactly("create", "pause 1");

        core.connected();
        core.found(new Found(session, 0, true));
        core.deleted();
        assertThat(asked).containsExactly("read", "delete 0", "GONE");
    }

    @Test
    void unregisteringIsOverAtOnceWhenNothingWasEverSent() {
        core.start(false);
        core.remove();

        assertThat(asked).containsExactly("GONE");
    }

    @Test
    void unregisteringWhileItCreatesDeletesWhatWasCreated() {
        core.start(true);
        core.remove();
        core.created(session);
        core.found(new Found(session, 0, true));
        core.deleted();

        assertThat(asked).containsExactly("create", "read", "delete 0", "GONE");
    }

    @Test
    void registersAgainWhenItWasCreatedInASessionThatIsOver() {
        core.start(true);
        core.sessionLost();
        session = 2;
        core.created(1);
        core.connected();
        core.found(new Found(1, 0, true));
        core.created(2);

        assertThat(asked).containsExactly("create", "read", "replace 0", "IN_PLACE");
    }

    @Test
    void persistentNodeOverwritesWhatIsThere() {
        core = new KeptNodeCore(false, Takeover.AT_FIRST, this);
        core.start(true);
        core.alreadyThere();
        core.found(new Found(0, 2, false));
        core.written(0);

        assertThat(asked).containsExactly("create", "read", "write 2", "IN_PLACE");
    }

    @Test
    void doesNotWriteOverASuccessorThatCameBetweenTwoLooks() {
        inPlace();
        core.changed();
        core.found(new Found(session, 1, false));
        core.changedMeanwhile();
        core.found(new Found(99, 0, false));

        assertThat(asked).containsExactly("read", "write 1", "read", "DISPLACED");
    }

    @Test
    void looksAgainWhenWhatItWroteBelongsToSomebodyElse() {
        inPlace();
        core.changed();
        core.found(new Found(session, 0, false));
        core.written(99);
        core.found(new Found(99, 1, true));

        assertThat(asked).containsExactly("read", "write 0", "read", "DISPLACED");
    }

    @Test
    void waitsUntilSomebodyElsesNodeIsGone() {
        core = new KeptNodeCore(true, Takeover.NEVER, this);
        core.start(true);
        core.alreadyThere();
        core.found(new Found(99, 0, true));
        assertThat(takeAsked()).containsExactly("create", "read", "OCCUPIED");
        assertThat(core.isOver()).isFalse();
        core.changed();
        core.nothingThere();
        core.created(session);

        assertThat(asked).containsExactly("read", "create", "IN_PLACE");
    }

    @Test
    void replacesWhatItsOwnEarlierSessionLeftThoughItTakesNothingOver() {
        core = new KeptNodeCore(true, Takeover.NEVER, this);
        inPlace();
        core.sessionLost();
        session = 2;
        core.connected();
        core.found(new Found(1, 3, true));
        core.created(2);

        assertThat(asked).containsExactly("MISSING", "read", "replace 3", "IN_PLACE");
    }

    @Test
    void leavesSomebodyElsesNodeAloneWhenItIsRemoved() {
        core = new KeptNodeCore(true, Takeover.NEVER, this);
        core.start(true);
        core.alreadyThere();
        core.found(new Found(99, 0, true));
        core.remove();
        core.found(new Found(99, 0, true));

        assertThat(asked).containsExactly("create", "read", "OCCUPIED", "read", "GONE");
    }
}
