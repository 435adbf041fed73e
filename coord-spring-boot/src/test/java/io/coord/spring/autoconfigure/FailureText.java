package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What Spring Boot prints for a failed start, found by the analyzers that are registered. */
public final class FailureText {

    private FailureText() {}

    /** Description and action. */
    public static String of(Throwable failure) {
        assertThat(failure).as("failure of the start").isNotNull();
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, problem) -> {});
        for (FailureAnalyzer analyzer : analyzers) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                return text(analysis);
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureAnalyzedException analyzed) {
                return text(analyzed.analysis());
            }
        }
        throw new AssertionError("no analyzer knows this failure", failure);
    }

    private static String text(FailureAnalysis analysis) {
        return analysis.getDescription() + "\nAction: " + analysis.getAction();
    }
}
