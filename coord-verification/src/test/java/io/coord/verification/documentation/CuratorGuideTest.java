package io.coord.verification.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The guide "from Curator to Coord" leaves nothing out, and each of its rows is exercised by tests of this build. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CuratorGuideTest {
    private static final Path GUIDE = JavaSources.project().resolve("docs/FROM-CURATOR.md");

    private List<GuideRow> rows;
    private Map<String, List<TestSource>> tests;

    @BeforeAll
    void read() throws IOException {
        rows = GuideRow.of(Files.readAllLines(GUIDE));
        tests = TestSource.ofProject(JavaSources.project());
    }

    @Test
    void everyPublicClassOfCuratorIsInTheGuide() {
        Set<String> named = new HashSet<>();
        rows.forEach(row -> named.addAll(row.curatorNames()));
        Set<String> missing = new TreeSet<>(CuratorClasses.forUsers());
        missing.removeAll(named);

        assertThat(CuratorClasses.forUsers()).hasSizeGreaterThan(150);
        assertThat(missing).isEmpty();
    }

    /** An option begins with a small letter; what begins with a capital one is a class, or is said to be of another jar. */
    @Test
    void namesOnlyClassesThatCuratorHas() {
        Set<String> unknown = new TreeSet<>();
        rows.stream()
                .filter(row -> !row.curator().contains("curator-x-async"))
                .forEach(row -> unknown.addAll(row.curatorNames()));
        unknown.removeIf(name -> Character.isLowerCase(name.charAt(0)));
        unknown.removeAll(CuratorClasses.all());

        assertThat(rows).hasSizeGreaterThan(80);
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyRowIsExercisedByTestsThatRunAndUseWhatItNames() {
        List<String> wrong = new ArrayList<>();
        for (GuideRow row : rows) {
            if (row.hasNoCounterpart()) {
                continue;
            }
            if (row.tests().isEmpty()) {
                wrong.add(row.curator() + ": no test");
            }
            Set<String> used = new HashSet<>();
            for (String reference : row.tests()) {
                List<TestSource> found = holding(reference);
                if (found.isEmpty()) {
                    wrong.add(row.curator() + ": no such test runs: " + reference);
                }
                found.forEach(each -> used.addAll(each.names()));
            }
            Set<String> unused = new TreeSet<>(row.coordNames());
            unused.removeAll(used);
            if (!unused.isEmpty()) {
                wrong.add(row.curator() + ": not used by its tests: " + unused);
            }
        }

        assertThat(wrong).isEmpty();
    }

    /** Classes of that name with a test of that name which the build runs, in the class itself or in one that extends it. */
    private List<TestSource> holding(String reference) {
        int dot = reference.indexOf('.');
        String name = reference.substring(0, dot);
        String test = reference.substring(dot + 1);
        return tests.getOrDefault(name, List.of()).stream()
                .filter(each -> each.tests().contains(test) && (each.runs() || hasHeirThatRuns(name)))
                .toList();
    }

    private boolean hasHeirThatRuns(String name) {
        return tests.values().stream()
                .flatMap(List::stream)
                .anyMatch(each -> name.equals(each.parent()) && (each.runs() || hasHeirThatRuns(each.name())));
    }
}
