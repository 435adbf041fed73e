package io.coord.verification.ensemble.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code -Dcoord.faults.minutes}, {@code .members}, {@code .seed} and {@code .kinds} say how long, with how many members, and which
 * faults; when they come in relation to what members do is up to real threads.
 */
@Tag("soak")
class EnsembleFaultRunTest {
    @TempDir
    Path directory;

    @Test
    @SuppressWarnings("SystemOut")
    void clientsWereToldTheTruthWhateverBrokeDown() throws Exception {
        Duration time = Duration.ofMinutes(Long.getLong("coord.faults.minutes", 2));
        int members = Integer.getInteger("coord.faults.members", 3);
        long seed = Long.getLong("coord.faults.seed", 1);
        List<FaultKind> kinds = Arrays.stream(
                        System.getProperty("coord.faults.kinds", "").split(","))
                .filter(each -> !each.isEmpty())
                .map(FaultKind::valueOf)
                .toList();
        FaultRun run = new FaultRun(
                directory,
                members,
                seed,
                kinds.isEmpty() ? List.of(FaultKind.values()) : kinds,
                System.getProperty("java.class.path"));
        try {
            assertThat(run.run(time)).as(run.report()).isEmpty();
            System.out.println(run.report());
            assertThat(run.faults()).isPositive();
        } finally {
            run.end();
        }
    }
}
