package io.coord.verification.ensemble.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That a run of faults would notice if members told untruths. */
@Tag("soak")
class PlantedBugsFaultTest {
    private static final Duration TIME = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(PlantedMemberBug.class)
    @SuppressWarnings("SystemOut")
    void isNoticed(PlantedMemberBug bug) throws Exception {
        String classPath = bug.classPath(directory.resolve("planted"));
        FaultRun run = new FaultRun(directory, 3, 1, bug.faults(), classPath);
        try {
            List<String> violations = run.run(TIME);
            System.out.println(bug + "\n" + run.report() + "\n" + violations.size() + " violations, the first: "
                    + violations.stream().findFirst().orElse("none"));
            assertThat(violations).isNotEmpty();
        } finally {
            run.end();
        }
    }
}
