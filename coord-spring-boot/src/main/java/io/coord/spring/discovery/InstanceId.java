package io.coord.spring.discovery;

/**
 * What this application calls itself to others: id of its registration, of its candidacies, and what its locks show as their holder.
 * {@code coord.discovery.instance-id}, or random.
 */
public record InstanceId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
