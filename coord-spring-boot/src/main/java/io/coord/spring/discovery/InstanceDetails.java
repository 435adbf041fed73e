package io.coord.spring.discovery;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What an instance tells about itself besides its address: the payload of its registration, in the shape that Spring Cloud Zookeeper
 * gives to its own.
 *
 * @param id of the instance
 * @param name of the application
 * @param metadata {@code coord.discovery.metadata}
 */
public record InstanceDetails(String id, String name, Map<String, String> metadata) {

    public InstanceDetails {
        // What others have registered may have entries without a value.
        Map<String, String> present = new HashMap<>(metadata == null ? Map.of() : metadata);
        present.values().removeIf(Objects::isNull);
        metadata = Map.copyOf(present);
    }
}
