package io.coord.spring.config;

import io.coord.spring.autoconfigure.CoordConfigFormat;
import io.coord.spring.config.ConfigSection.ConfigDocument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Profiles;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;

/** From a section's znodes to keys and values. Knows no server. */
final class ConfigDecoder {

    private static final String ACTIVATION = "spring.config.activate.";
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private final Predicate<String> acceptedProfiles;

    ConfigDecoder(Predicate<String> acceptedProfiles) {
        this.acceptedProfiles = acceptedProfiles;
    }

    /**
     * @param znodes data by path
     * @throws UnreadableConfigException for what is no text, or no properties or YAML where they should be
     */
    Map<String, OriginTrackedValue> decode(ConfigSection section, SortedMap<String, byte[]> znodes) {
        Map<String, OriginTrackedValue> values = new LinkedHashMap<>();
        if (section.format() == CoordConfigFormat.KEYS) {
            keys(section.path() + '/', znodes, values);
        } else {
            document(new ConfigDocument(section.path(), section.format()), znodes.get(section.path()), values);
        }
        section.documents().forEach(document -> document(document, znodes.get(document.path()), values));
        return values;
    }

    /** A znode without data is a step on the way, no key: so does Spring Cloud Zookeeper have it. */
    private static void keys(String prefix, SortedMap<String, byte[]> znodes, Map<String, OriginTrackedValue> values) {
        // What follows the slash in the order of characters is the first that does not begin with the prefix.
        String end = prefix.substring(0, prefix.length() - 1) + (char) ('/' + 1);
        znodes.subMap(prefix, end).forEach((path, data) -> {
            String key = path.substring(prefix.length()).replace('/', '.');
            if (data.length > 0) {
                String text = text(data, "The znode " + path + " is to hold the value of '" + key + "'");
                values.put(key, OriginTrackedValue.of(text, new ZnodeOrigin(path)));
            }
        });
    }

    private void document(ConfigDocument document, byte @Nullable [] data, Map<String, OriginTrackedValue> values) {
        if (data == null || data.length == 0) {
            return;
        }
        String path = document.path();
        String kind = document.format() == CoordConfigFormat.YAML ? "YAML" : "properties";
        String text = text(data, "The znode " + path + " is to hold a document of " + kind);
        for (PropertySource<?> loaded : load(document, kind, text)) {
            if (loaded instanceof EnumerablePropertySource<?> source && isActive(path, source)) {
                for (String key : source.getPropertyNames()) {
                    Object value = source.getProperty(key);
                    if (value != null && !key.startsWith(ACTIVATION)) {
                        Origin origin = OriginLookup.getOrigin(source, key);
                        values.put(key, OriginTrackedValue.of(value, origin == null ? new ZnodeOrigin(path) : origin));
                    }
                }
            }
        }
    }

    private static List<PropertySource<?>> load(ConfigDocument document, String kind, String text) {
        String path = document.path();
        PropertySourceLoader loader = loader(document);
        List<PropertySource<?>> loaded;
        try {
            loaded = loader.load(path, new Text(path, text), StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException e) {
            // The message, and so the exception, quotes lines, which may hold secrets. The place does not.
            Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
            throw noDocument(
                    path, kind, place.find() ? " (line " + place.group(1) + ", column " + place.group(2) + ")" : "");
        }
        for (PropertySource<?> each : loaded) {
            if (document.format() == CoordConfigFormat.YAML && !isMap((EnumerablePropertySource<?>) each, text)) {
                throw noDocument(path, kind, ": it is a single value or a list, not keys with values");
            }
        }
        return loaded;
    }

    /** What is no map, the loader puts under names of its own. */
    private static boolean isMap(EnumerablePropertySource<?> source, String text) {
        String[] names = source.getPropertyNames();
        boolean isList = names.length > 0 && names[0].startsWith("[");
        boolean isValue = names.length == 1 && names[0].equals("document") && !text.contains("document");
        return !isList && !isValue;
    }

    private static PropertySourceLoader loader(ConfigDocument document) {
        return switch (document.format()) {
            case YAML -> {
                if (!ClassUtils.isPresent("org.yaml.snakeyaml.Yaml", ConfigDecoder.class.getClassLoader())) {
                    throw new UnreadableConfigException(
                            "The znode " + document.path() + " holds YAML, and no SnakeYAML is on the class path.",
                            "Add the dependency 'org.yaml:snakeyaml' ('spring-boot-starter' brings it).");
                }
                yield new YamlPropertySourceLoader();
            }
            case PROPERTIES -> new PropertiesPropertySourceLoader();
            case KEYS -> throw new IllegalArgumentException("keys are no document: " + document.path());
        };
    }

    private static UnreadableConfigException noDocument(String path, String kind, String detail) {
        return new UnreadableConfigException(
                "The znode " + path + " is to hold a document of " + kind + ", and it is none" + detail + ".",
                "Correct what it holds, or say what it is: by the ending of its name, by '?format=' behind the location in"
                        + " 'spring.config.import', or by 'coord.config.format'.");
    }

    /** As of documents in files, which Spring Boot judges one by one. */
    private boolean isActive(String path, EnumerablePropertySource<?> document) {
        ConfigurationPropertySource source = ConfigurationPropertySource.from(document);
        if (source == null) {
            return true;
        }
        Binder binder = new Binder(source);
        if (binder.bind(ACTIVATION + "on-cloud-platform", String.class).isBound()) {
            throw new UnreadableConfigException(
                    "The znode " + path + " holds '" + ACTIVATION
                            + "on-cloud-platform', which is not known in configuration on the servers.",
                    "Use '" + ACTIVATION + "on-profile', or files.");
        }
        return binder.bind(ACTIVATION + "on-profile", String[].class)
                .map(profiles -> Profiles.of(profiles).matches(acceptedProfiles))
                .orElse(true);
    }

    private static String text(byte[] data, String what) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            throw noText(what, "bytes that are no text in UTF-8");
        }
        if (text.chars().anyMatch(each -> Character.isISOControl(each) && !Character.isWhitespace(each))) {
            throw noText(what, "control characters");
        }
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    private static UnreadableConfigException noText(String what, String found) {
        return new UnreadableConfigException(
                what + ", and it holds " + found + ".",
                "Write it as text in UTF-8 (bytes for instance in Base64), or move it out of what is imported.");
    }

    /** What origins of values say. */
    private static final class Text extends ByteArrayResource {

        private final String path;

        Text(String path, String text) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.path = path;
        }

        @Override
        public String getDescription() {
            return "znode " + path;
        }

        @Override
        public String toString() {
            return getDescription();
        }
    }
}
