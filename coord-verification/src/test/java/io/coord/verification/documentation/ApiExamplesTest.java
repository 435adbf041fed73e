package io.coord.verification.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every public type of client and recipes has an example, and all examples compile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiExamplesTest {
    private static final String ERRORS = "io.coord.client.error.";

    private List<DocumentedType> types;
    private CompiledExamples examples;

    @BeforeAll
    void read() {
        types = new ArrayList<>(JavaSources.publicTypesOf("coord-client"));
        types.addAll(JavaSources.publicTypesOf("coord-recipes"));
        examples = CompiledExamples.of(types);
    }

    @Test
    void allExamplesCompile() {
        assertThat(examples.uses()).hasSizeGreaterThan(50);
        assertThat(examples.errors()).isEmpty();
    }

    @Test
    void everyPublicTypeHasAnExampleOrNamesTheOneThatUsesIt() {
        List<String> lacking = types.stream()
                .filter(type -> !hasExample(type))
                .map(DocumentedType::name)
                .filter(name -> !isErrorThatIsHandledLikeAllOthers(name))
                .toList();

        assertThat(lacking).isEmpty();
    }

    @Test
    void everyPublicTypeWithinAnotherIsUsedByAnExample() {
        Set<String> used = new TreeSet<>();
        examples.uses().values().forEach(used::addAll);

        assertThat(types.stream().flatMap(type -> type.nested().stream())).allMatch(used::contains);
    }

    /** How to handle an error is shown at {@code CoordException}; a class that says no more than its name needs no more. */
    private static boolean isErrorThatIsHandledLikeAllOthers(String name) {
        return name.startsWith(ERRORS) && !name.equals(ERRORS + "CoordException");
    }

    private boolean hasExample(DocumentedType type) {
        return uses(type.name(), type.name())
                || type.exampleElsewhere().stream()
                        .anyMatch(other -> types.stream()
                                .filter(each -> each.simpleName().equals(other)
                                        || each.name().equals(other))
                                .anyMatch(each -> uses(each.name(), type.name())));
    }

    private boolean uses(String whose, String type) {
        return examples.uses().getOrDefault(whose, Set.of()).contains(type);
    }
}
