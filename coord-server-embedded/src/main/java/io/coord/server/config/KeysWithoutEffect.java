package io.coord.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's keys that set nothing here, each with what to do instead. Read from a resource, and only when a configuration has
 * such a key: most have none.
 */
final class KeysWithoutEffect {
    private static final String RESOURCE = "keys-without-effect.properties";

    private final Map<String, Advice> advice;

    private KeysWithoutEffect(Map<String, Advice> advice) {
        this.advice = advice;
    }

    /**
     * @param harmless the only values, case aside, that a server may start with; null when any will do
     * @param instead a sentence or two
     */
    record Advice(@Nullable List<String> harmless, String instead) {
        static Advice parse(String text) {
            if (text.charAt(0) != '[') {
                return new Advice(null, text);
            }
            int end = text.indexOf(']');
            return new Advice(
                    List.of(text.substring(1, end).split(",", -1)),
                    text.substring(end + 1).trim());
        }

        boolean allows(String value) {
            return harmless == null || harmless.stream().anyMatch(value::equalsIgnoreCase);
        }
    }

    static KeysWithoutEffect read() {
        Properties text = new Properties();
        try (InputStream resource = KeysWithoutEffect.class.getResourceAsStream(RESOURCE);
                Reader reader =
                        new InputStreamReader(Objects.requireNonNull(resource, RESOURCE), StandardCharsets.UTF_8)) {
            text.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Advice> advice = new TreeMap<>();
        text.stringPropertyNames().forEach(key -> advice.put(key, Advice.parse(text.getProperty(key))));
        return new KeysWithoutEffect(advice);
    }

    /** By exact name first, then by the longest beginning that has a star. */
    @Nullable
    Advice of(String key) {
        @Nullable Advice exact = advice.get(key);
        for (int length = key.length(); exact == null && length > 0; length--) {
            exact = advice.get(key.substring(0, length) + '*');
        }
        return exact;
    }

    Map<String, Advice> all() {
        return advice;
    }
}
