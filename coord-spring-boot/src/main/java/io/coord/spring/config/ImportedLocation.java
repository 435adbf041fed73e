package io.coord.spring.config;

import io.coord.client.CoordClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.springframework.boot.origin.OriginTrackedValue;

/**
 * What one location in {@code spring.config.import} brought: a property source for each section.
 *
 * <p>What they show is one immutable map, written by one thread at a time, so that the environment never mixes two states of a location within
 * one section, and hardly between sections.
 */
final class ImportedLocation {

    private final CoordConfigDataResource resource;
    private final ConfigDecoder decoder;
    private volatile Map<ConfigSection, Map<String, OriginTrackedValue>> shown = Map.of();

    ImportedLocation(CoordConfigDataResource resource) {
        this.resource = resource;
        this.decoder = new ConfigDecoder(resource.profiles()::contains);
    }

    List<ConfigSection> sections() {
        return resource.sections();
    }

    /** What wins last. */
    List<SectionPropertySource> propertySources() {
        return sections().stream()
                .map(section -> new SectionPropertySource(section.name(), () -> values(section)))
                .toList();
    }

    /** What is shown now. */
    Map<String, OriginTrackedValue> values(ConfigSection section) {
        return shown.getOrDefault(section, Map.of());
    }

    void show(Map<ConfigSection, Map<String, OriginTrackedValue>> values) {
        shown = Map.copyOf(values);
    }

    Map<ConfigSection, SortedMap<String, byte[]>> read(CoordClient client) {
        ConfigReader reader = new ConfigReader(client);
        Map<ConfigSection, SortedMap<String, byte[]>> znodes = new LinkedHashMap<>();
        sections().forEach(section -> znodes.put(section, reader.read(section)));
        return znodes;
    }

    boolean isEmpty(Map<ConfigSection, SortedMap<String, byte[]>> znodes) {
        return znodes.values().stream().allMatch(Map::isEmpty);
    }

    Map<ConfigSection, Map<String, OriginTrackedValue>> decode(Map<ConfigSection, SortedMap<String, byte[]>> znodes) {
        Map<ConfigSection, Map<String, OriginTrackedValue>> values = new LinkedHashMap<>();
        znodes.forEach((section, data) -> values.put(section, decoder.decode(section, data)));
        return values;
    }
}
