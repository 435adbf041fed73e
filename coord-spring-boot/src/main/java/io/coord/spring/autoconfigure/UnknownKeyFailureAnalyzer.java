package io.coord.spring.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says which key below {@code coord} nobody reads, and which one was probably meant. Spring Boot's own text does the first only. A
 * misspelt {@code coord.connect-string} would otherwise start a server in this process, and every instance would be alone with its
 * locks.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownKeyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("coord");
    private static final int MOST_EDITS = 3;

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        Set<ConfigurationProperty> unknown = cause.getUnboundProperties();
        if (unknown.isEmpty() || !unknown.stream().allMatch(each -> OURS.isAncestorOf(each.getName()))) {
            return null;
        }
        List<String> known = PropertyKeys.of("coord", CoordProperties.class);
        StringBuilder description = new StringBuilder("Coord has no such configuration:\n");
        List<String> advice = new ArrayList<>();
        for (ConfigurationProperty property : unknown) {
            description
                    .append("\n    ")
                    .append(property.getName())
                    .append(" = ")
                    .append(property.getValue());
            if (property.getOrigin() != null) {
                description.append("   (").append(property.getOrigin()).append(')');
            }
            advice.add(advice(property.getName(), known));
        }
        return new FailureAnalysis(
                description.append('\n').toString(),
                advice.stream().distinct().collect(Collectors.joining(" ")),
                cause);
    }

    private static String advice(ConfigurationPropertyName name, List<String> known) {
        if (name.isLastElementIndexed() && known.contains(name.getParent().toString())) {
            return "'" + name.getParent() + "' takes one value, not a list: separate its parts by commas.";
        }
        String text = name.toString();
        return known.stream()
                .min(Comparator.comparingInt(key -> edits(text, key)))
                .filter(key -> edits(text, key) <= MOST_EDITS)
                .map(key -> "Did you mean '" + key + "' instead of '" + text + "'?")
                .orElse("Remove '" + text
                        + "': the keys are listed in the documentation of 'io.coord:coord-spring-boot'.");
    }

    /** Characters to insert, delete or replace to make the one text the other. */
    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
