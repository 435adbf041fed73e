package io.coord.spring.method;

import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import java.lang.reflect.Method;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/** Texts in annotations: placeholders replaced, names checked, and wrong ones refused as that annotation refuses. Thread-safe: immutable. */
public final class AttributeReader {

    private final StringValueResolver placeholders;
    private final Refusal refusal;

    /** What is thrown for a wrong annotation. */
    @FunctionalInterface
    public interface Refusal {

        /**
         * @param problem as the rest of a sentence
         * @param action what to do about it
         */
        RuntimeException of(Method method, String problem, String action);
    }

    /** @param placeholders replaces placeholders; throws IllegalArgumentException for one that has no value */
    public AttributeReader(StringValueResolver placeholders, Refusal refusal) {
        this.placeholders = placeholders;
        this.refusal = refusal;
    }

    /** Without blanks at its ends; empty when nothing is declared. */
    public String text(Method method, String attribute, String declared) {
        try {
            String resolved = placeholders.resolveStringValue(declared);
            return resolved == null ? "" : resolved.trim();
        } catch (IllegalArgumentException e) {
            throw refusal.of(
                    method,
                    "its " + attribute + " '" + declared + "' has a placeholder without a value: " + e.getMessage(),
                    "Set the property, or give the placeholder a default: ${key:default}.");
        }
    }

    /**
     * One or more elements of a path.
     *
     * @param what is named, such as "lock"
     * @param example how to name it
     */
    public String name(Method method, String attribute, String declared, String what, String example) {
        String name = text(method, attribute, declared);
        if (!StringUtils.hasText(name)) {
            throw refusal.of(method, "it names no " + what, example);
        }
        try {
            ZnodePath.validate("/" + name);
        } catch (InvalidPathException e) {
            throw refusal.of(
                    method,
                    "'" + name + "' cannot be the name of a " + what + ": " + e.getMessage(),
                    "Use one or more elements of a path, such as 'stock' or 'shop/stock'.");
        }
        return name;
    }

    /** Refuses a method whose calls cannot go through its bean's proxy. */
    public void requireProxy(Method method, Class<?> type) {
        ProxyObstacle obstacle = ProxyObstacle.of(method, type);
        if (obstacle != null) {
            throw refusal.of(method, obstacle.problem(), obstacle.action());
        }
    }
}
