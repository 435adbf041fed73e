package io.coord.spring.discovery;

import java.util.Map;

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
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }
}
