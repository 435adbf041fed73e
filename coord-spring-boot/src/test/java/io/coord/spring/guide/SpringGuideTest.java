package io.coord.spring.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples in docs/SPRING.md are parts of classes that are compiled, here and with the starter for tests; "…" stands for anything. */
class SpringGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "SPRING.md");
    private static final List<Path> SOURCES = List.of(
            Path.of("src", "test", "java", "io", "coord", "spring", "guide"),
            Path.of(
                    "..",
                    "coord-spring-boot-starter-test",
                    "src",
                    "test",
                    "java",
                    "io",
                    "coord",
                    "spring",
                    "test",
                    "shop"));
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyExampleIsCodeThatCompiles() throws IOException {
        List<String> examples = examples();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
        List<String> sources = sources();
        for (String example : examples) {
            assertThat(sources.stream()
                            .anyMatch(source -> pattern(example).matcher(source).find()))
                    .as("a class in one of %s contains%n%s", SOURCES, example)
                    .isTrue();
        }
    }

    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher blocks = EXAMPLE.matcher(Files.readString(GUIDE));
        while (blocks.find()) {
            examples.add(blocks.group(1));
        }
        return examples;
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path directory : SOURCES) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    sources.add(normal(Files.readString(file)));
                }
            }
        }
        return sources;
    }

    private static Pattern pattern(String example) {
        return Pattern.compile(
                Stream.of(normal(example).split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*?")),
                Pattern.DOTALL);
    }

    /** Without comments and without blanks, which formatters move. */
    private static String normal(String code) {
        return code.replaceAll("//.*", "").replaceAll("\\s+", "");
    }
}
