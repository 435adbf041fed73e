package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentPreallocatorTest {
    private static final String NEXT = LogFormat.temporarySegmentName("next");

    private final SimulatedDirectory directory = new SimulatedDirectory();

    private int[] failAlways(Outcome outcome) {
        int[] attempts = {0};
        directory.setFault((number, operation, name) -> {
            if (operation == Operation.CREATE && name.equals(NEXT)) {
                attempts[0]++;
            }
            return operation == Operation.WRITE && name.equals(NEXT) ? outcome : Outcome.DONE;
        });
        return attempts;
    }

    private long segments() {
        return directory.list().stream()
                .filter(name -> LogFormat.segmentIndex(name) >= 0)
                .count();
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "FAILED"})
    void givesItsRoomBackAndTriesOncePerSegmentWithOneWarning(Outcome outcome) throws IOException {
        int[] attempts = failAlways(outcome);
        try (Warnings warnings = new Warnings(SegmentPreallocator.class);
                LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            Random random = new Random(1);
            for (int i = 0; i < 60; i++) {
                user.batch(1, random);
                assertThat(directory.list()).doesNotContain(NEXT);
                assertThat((long) attempts[0]).isLessThanOrEqualTo(segments());
            }
            assertThat(attempts[0]).isGreaterThan(3);
            assertThat(warnings.lines()).hasSize(1).allMatch(line -> line.contains("Cannot prepare"));
            directory.setFault((number, operation, name) -> Outcome.DONE);
            for (int i = 0; i < 60 && !directory.list().contains(NEXT); i++) {
                user.batch(1, random);
            }
            assertThat(directory.list()).contains(NEXT);
        }
    }

    @Test
    void takesAnErrorForAFailureToo() throws IOException {
        boolean[] broken = {true};
        directory.setFault((number, operation, name) -> {
            if (broken[0] && operation == Operation.CREATE && name.equals(NEXT)) {
                throw new InternalError("simulated");
            }
            return Outcome.DONE;
        });
        try (Warnings warnings = new Warnings(SegmentPreallocator.class);
                LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            Random random = new Random(1);
            for (int i = 0; i < 40; i++) {
                user.batch(1, random);
            }
            assertThat(segments()).isGreaterThan(2);
            assertThat(warnings.lines()).hasSize(1);
            broken[0] = false;
            for (int i = 0; i < 40 && !directory.list().contains(NEXT); i++) {
                user.batch(1, random);
            }
            assertThat(directory.list()).contains(NEXT);
        }
    }

    /** Half a segment in the way of the batches that are to come would take the very room that they need. */
    @Test
    void leavesNothingOfASegmentThatFoundNoRoom() throws IOException {
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            boolean[] justCreated = {false};
            directory.setFault((number, operation, name) -> {
                boolean first = justCreated[0];
                justCreated[0] = operation == Operation.CREATE;
                return first && operation == Operation.WRITE ? Outcome.FULL : Outcome.DONE;
            });
            user.batch(1, new Random(1));
            Random random = new Random(1);
            int refused = 0;
            for (int i = 0; i < 30; i++) {
                try {
                    user.batch(1, random);
                } catch (DiskFullException e) {
                    refused++;
                }
                assertThat(directory.list()).noneMatch(name -> name.endsWith(LogFormat.TEMPORARY));
            }
            assertThat(refused).isPositive();
        }
    }
}
