package io.coord.recipes.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.recipes.discovery.RegistrationCore.Found;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationCoreTest implements RegistrationCore.Port {
    private final List<String> asked = new ArrayList<>();
    private long session = 1;
    private long pauseTicket;
    private RegistrationCore core = new RegistrationCore(true, this);

    private List<String> takeAsked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    private void registered() {
        core.start(true);
        core.created(session);
        assertThat(takeAsked()).containsExactly("create", "REGISTERED");
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
    public void write() {
        asked.add("write");
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
    public void stateChanged(ServiceRegistration.State state) {
        asked.add(state.name());
    }

    @Test
    void firstRegistrationTakesOverWhatItFinds() {
        core.start(true);
        core.alreadyThere();
        core.found(new Found(99, 4, true));
        core.created(session);

        assertThat(asked).containsExactly("create", "read", "replace 4", "REGISTERED");
    }

    @Test
    void looksAgainWhenTheLeftoverVanishesMeanwhile() {
        core.start(true);
        core.alreadyThere();
        core.found(new Found(99, 4, true));
        core.changedMeanwhile();
        core.nothingThere();
        core.created(session);

        assertThat(asked).containsExactly("create", "read", "replace 4", "read", "create", "REGISTERED");
    }

    @Test
    void recognisesItsOwnNodeWhenTheAnswerWasLost() {
        core.start(true);
        core.failed();
        core.pauseOver(pauseTicket);
        core.found(new Found(session, 0, true));

        assertThat(asked).containsExactly("create", "pause 1", "read", "REGISTERED");
    }

    @Test
    void replacesTheNodeOfItsOwnEarlierSession() {
        registered();
        core.disconnected();
        core.sessionLost();
        session = 2;
        core.connected();
        core.found(new Found(1, 0, true));
        core.created(2);

        assertThat(asked).containsExactly("REGISTERING", "read", "replace 0", "REGISTERED");
    }

    @Test
    void knowsTheNodeOfASessionThatEndedBeforeItsAnswerCame() {
        registered();
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

        assertThat(asked)
                .containsExactly("REGISTERING", "read", "replace 0", "pause 1", "read", "replace 0", "REGISTERED");
    }

    @Test
    void stopsWhenSomebodyElseHasTakenOver() {
        registered();
        core.changed();
        core.found(new Found(99, 0, true));
        core.changed();

        assertThat(asked).containsExactly("read", "DISPLACED");
        assertThat(core.isOver()).isTrue();
    }

    @Test
    void createsAgainWhatSomebodyDeleted() {
        registered();
        core.changed();
        core.nothingThere();
        core.created(session);

        assertThat(asked).containsExactly("read", "create");
    }

    @Test
    void writesWhatSomebodyChanged() {
        registered();
        core.changed();
        core.found(new Found(session, 1, false));
        core.written();

        assertThat(asked).containsExactly("read", "write");
    }

    @Test
    void updateThatComesWhileItCreatesIsNotForgotten() {
        core.start(true);
        core.update();
        core.created(session);
        core.found(new Found(session, 0, false));
        core.written();

        assertThat(asked).containsExactly("create", "REGISTERED", "read", "write");
    }

    @Test
    void deletesOnlyItsOwnNode() {
        registered();
        core.unregister();
        core.found(new Found(session, 3, true));
        core.deleted();
        assertThat(takeAsked()).containsExactly("read", "delete 3", "UNREGISTERED");

        core = new RegistrationCore(true, this);
        registered();
        core.unregister();
        core.found(new Found(99, 3, true));
        assertThat(asked).containsExactly("read", "UNREGISTERED");
    }

    @Test
    void unregisteringWithoutAConnectionIsOverWithTheSession() {
        registered();
        core.disconnected();
        core.unregister();
        assertThat(asked).isEmpty();
        core.sessionLost();

        assertThat(asked).containsExactly("UNREGISTERED");
    }

    @Test
    void unregisteringWithoutAConnectionWaitsWhileACreationMayHaveHappened() {
        core.start(true);
        core.disconnected();
        core.failed();
        core.pauseOver(pauseTicket);
        core.unregister();
        assertThat(takeAsked()).containsExactly("create", "pause 1");

        core.connected();
        core.found(new Found(session, 0, true));
        core.deleted();
        assertThat(asked).containsExactly("read", "delete 0", "UNREGISTERED");
    }

    @Test
    void unregisteringIsOverAtOnceWhenNothingWasEverSent() {
        core.start(false);
        core.unregister();

        assertThat(asked).containsExactly("UNREGISTERED");
    }

    @Test
    void unregisteringWhileItCreatesDeletesWhatWasCreated() {
        core.start(true);
        core.unregister();
        core.created(session);
        core.found(new Found(session, 0, true));
        core.deleted();

        assertThat(asked).containsExactly("create", "read", "delete 0", "UNREGISTERED");
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

        assertThat(asked).containsExactly("create", "read", "replace 0", "REGISTERED");
    }

    @Test
    void persistentInstanceOverwritesWhatIsThere() {
        core = new RegistrationCore(false, this);
        core.start(true);
        core.alreadyThere();
        core.found(new Found(0, 2, false));
        core.written();

        assertThat(asked).containsExactly("create", "read", "write", "REGISTERED");
    }
}
