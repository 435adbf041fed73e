package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotStoreTest {
    private final SimulatedDirectory directory = new SimulatedDirectory();

    private List<String> files(String prefix) {
        return directory.list().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Test
    void countsASnapshotAsSavedThoughOlderFilesCannotBeDeleted() throws IOException {
        Random random = new Random(1);
        try (Warnings warnings = new Warnings(SnapshotStore.class);
                LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            directory.setFault((number, operation, name) -> operation == Operation.DELETE
                            && (LogFormat.segmentIndex(name) >= 0 || LogFormat.snapshotIndex(name) >= 0)
                    ? Outcome.FAILED
                    : Outcome.DONE);
            for (int i = 0; i < 3; i++) {
                user.batch(30, random);
                user.snapshot();
            }
            assertThat(files("snapshot-")).hasSize(3);
            assertThat(warnings.lines())
                    .anyMatch(line -> line.contains("index 90 is saved") && line.contains("delete older snapshots"))
                    .anyMatch(line -> line.contains("index 90 is saved") && line.contains("delete older segments"));

            directory.setFault((number, operation, name) -> Outcome.DONE);
            user.batch(30, random);
            user.snapshot();
            assertThat(files("snapshot-")).containsExactly(LogFormat.snapshotName(90), LogFormat.snapshotName(120));
            assertThat(SnapshotStore.segments(directory.list()).stream().skip(1))
                    .allMatch(first -> first > 91);
        }
        assertThat(LogUser.found(directory)).hasSize(120);
    }
}
