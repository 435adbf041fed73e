package io.coord.verification.ensemble.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.ensemble.faults.RegisterOperation.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegisterHistoryTest {
    private final RegisterHistory history = new RegisterHistory(0);

    private void read(long value, int version, long begin, long end) {
        history.add(new RegisterOperation(Kind.READ, value, RegisterOperation.ANY, version, begin, end));
    }

    private void write(long value, int version, long begin, long end) {
        history.add(new RegisterOperation(Kind.WRITE, value, RegisterOperation.ANY, version, begin, end));
    }

    private void writeOfUnknownFate(long value, int expected, long begin) {
        history.add(new RegisterOperation(
                Kind.WRITE, value, expected, RegisterOperation.NOT_TOLD, begin, RegisterOperation.NEVER));
    }

    @Test
    void oneAfterTheOther() {
        read(0, 0, 0, 1);
        write(7, 1, 2, 3);
        read(7, 1, 4, 5);
        assertThat(history.isLinearizable()).isTrue();
    }

    @Test
    void aReadThatShowsWhatWasOverwrittenBeforeItBeganIsNone() {
        write(7, 1, 0, 1);
        write(8, 2, 2, 3);
        read(7, 1, 4, 5);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aReadBesideAWriteMayShowEither() {
        write(7, 1, 0, 10);
        read(0, 0, 1, 2);
        read(7, 1, 3, 4);
        assertThat(history.isLinearizable()).isTrue();
        read(0, 0, 5, 6);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aWriteOfUnknownFateMayHappenAtAnyTimeOrNever() {
        writeOfUnknownFate(7, RegisterOperation.ANY, 0);
        read(0, 0, 1, 2);
        assertThat(history.isLinearizable()).isTrue();
        read(7, 1, 100, 101);
        assertThat(history.isLinearizable()).isTrue();
        read(0, 0, 102, 103);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aWriteOfUnknownFateHappensNotTwice() {
        writeOfUnknownFate(7, RegisterOperation.ANY, 0);
        read(7, 2, 1, 2);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aWriteOfUnknownFateHappensNotBeforeItWasCalled() {
        read(7, 1, 0, 1);
        writeOfUnknownFate(7, RegisterOperation.ANY, 2);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void anAcknowledgedWriteThatIsLostIsNoticed() {
        write(7, 1, 0, 1);
        read(0, 0, 2, 3);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void twoWritesWithOneVersionAreNoticed() {
        write(7, 1, 0, 10);
        write(8, 1, 0, 10);
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aConditionalWriteIsRefusedOnlyWhenTheVersionIsAnother() {
        write(7, 1, 0, 1);
        history.add(new RegisterOperation(Kind.REFUSED, 8, 0, RegisterOperation.NOT_TOLD, 2, 3));
        assertThat(history.isLinearizable()).isTrue();
        history.add(new RegisterOperation(Kind.REFUSED, 8, 1, RegisterOperation.NOT_TOLD, 4, 5));
        assertThat(history.isLinearizable()).isFalse();
    }

    @Test
    void aConditionalWriteOfUnknownFateNeedsItsVersion() {
        write(7, 1, 0, 1);
        writeOfUnknownFate(8, 0, 2);
        read(8, 2, 3, 4);
        assertThat(history.isLinearizable()).isFalse();
    }

    /** Histories made by a real register, each operation at one moment between call and reply; then one reply is falsified. */
    @Test
    void whatARegisterDidIsLinearizableAndWhatItCannotHaveDoneIsNot() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            RegisterHistory real = new RegisterHistory(0);
            RegisterHistory falsified = new RegisterHistory(0);
            int version = 0;
            long value = 0;
            int wrong = 5 + random.nextInt(30);
            for (int i = 0; i < 40; i++) {
                long moment = 10L * i;
                long begin = moment - random.nextInt(40);
                long end = random.nextInt(10) == 0 ? RegisterOperation.NEVER : moment + random.nextInt(40);
                RegisterOperation told;
                if (random.nextBoolean()) {
                    told = new RegisterOperation(Kind.READ, value, RegisterOperation.ANY, version, begin, moment + 1);
                } else {
                    boolean happens = end != RegisterOperation.NEVER || random.nextBoolean();
                    version += happens ? 1 : 0;
                    value = happens ? i + 1 : value;
                    told = new RegisterOperation(
                            Kind.WRITE,
                            i + 1,
                            RegisterOperation.ANY,
                            end == RegisterOperation.NEVER ? RegisterOperation.NOT_TOLD : version,
                            begin,
                            end);
                }
                real.add(told);
                boolean lie = i == wrong && told.kind() == Kind.READ;
                falsified.add(
                        lie
                                ? new RegisterOperation(Kind.READ, -1, -1, told.version(), told.begin(), told.end())
                                : told);
                if (i == wrong && !lie) {
                    falsified.add(new RegisterOperation(
                            Kind.READ, 1_000, RegisterOperation.ANY, version + 50, moment, moment + 1));
                }
            }
            assertThat(real.isLinearizable()).as("seed %d", seed).isTrue();
            assertThat(falsified.isLinearizable())
                    .as("seed %d, with a lie", seed)
                    .isFalse();
        }
    }
}
