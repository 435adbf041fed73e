package io.coord.recipes.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.recipes.counter.Attempt.Fate;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private static final byte[] OURS = {1};
    private static final byte[] OTHER = {2};
    private final Attempt write = new Attempt(7, 4, OURS);

    @Test
    void didNotHappenWhenTheVersionIsStillTheOld() {
        assertThat(write.fate(7, 4, OTHER, false)).isEqualTo(Fate.NOT_APPLIED);
        assertThat(write.fate(7, 4, OURS, false)).isEqualTo(Fate.NOT_APPLIED);
    }

    @Test
    void didNotHappenWhenSomebodyElseTookItsVersion() {
        assertThat(write.fate(7, 5, OTHER, true)).isEqualTo(Fate.NOT_APPLIED);
    }

    @Test
    void happenedWhenItsVersionShowsItsData() {
        assertThat(write.fate(7, 5, OURS, false)).isEqualTo(Fate.APPLIED);
    }

    @Test
    void cannotBeToldFromATwin() {
        assertThat(write.fate(7, 5, OURS, true)).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void cannotBeToldOnceOthersWroteOverItOrMadeTheZnodeAnew() {
        assertThat(write.fate(7, 6, OURS, false)).isEqualTo(Fate.UNKNOWN);
        assertThat(write.fate(8, 4, OURS, false)).isEqualTo(Fate.UNKNOWN);
        assertThat(write.fateWhenMissing()).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void aCreationShowsItselfInTheFirstVersion() {
        Attempt creation = new Attempt(0, Attempt.CREATION, OURS);

        assertThat(creation.fate(9, 0, OURS, false)).isEqualTo(Fate.APPLIED);
        assertThat(creation.fate(9, 0, OTHER, false)).isEqualTo(Fate.NOT_APPLIED);
        assertThat(creation.fate(9, 3, OTHER, false)).isEqualTo(Fate.UNKNOWN);
        assertThat(creation.fateWhenMissing()).isEqualTo(Fate.NOT_APPLIED);
    }
}
