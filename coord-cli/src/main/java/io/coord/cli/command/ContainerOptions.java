package io.coord.cli.command;

import io.coord.protocol.data.CreateMode;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which of the znodes that a command makes are containers: the operator knows what no server tells. One thread. */
final class ContainerOptions {
    @Option(
            names = "--containers",
            paramLabel = "pattern",
            description =
                    "Makes those containers whose paths there match: /locks/*, or /app/** for all levels. May be given several times.")
    private List<String> patterns = new ArrayList<>();

    private @Nullable List<PathMatcher> matchers;

    CreateMode modeOf(String path) {
        return matchers().stream().anyMatch(each -> each.matches(Path.of(path)))
                ? CreateMode.CONTAINER
                : CreateMode.PERSISTENT;
    }

    /** @throws CommandFailedException when a pattern is none */
    void validate() {
        matchers();
    }

    private List<PathMatcher> matchers() {
        List<PathMatcher> known = matchers;
        if (known == null) {
            known = patterns.stream().map(ContainerOptions::matcher).toList();
            matchers = known;
        }
        return known;
    }

    private static PathMatcher matcher(String pattern) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw CommandFailedException.usage(pattern + " is no pattern: " + e.getDescription());
        }
    }
}
