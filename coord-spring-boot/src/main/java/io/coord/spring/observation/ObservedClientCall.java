package io.coord.spring.observation;

import io.coord.client.spi.CompletedRequest;
import io.micrometer.observation.Observation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request of the client, as it is observed. Thread-safe: a volatile field. */
public final class ObservedClientCall extends Observation.Context {

    private final String operation;
    private final @Nullable String path;
    private volatile @Nullable CompletedRequest completed;

    /** @param path null for a transaction */
    public ObservedClientCall(String operation, @Nullable String path) {
        this.operation = operation;
        this.path = path;
    }

    /** As in exceptions: {@code getData} for instance. */
    public String operation() {
        return operation;
    }

    /** As the caller gave it; null for a transaction. */
    public @Nullable String path() {
        return path;
    }

    /** How it ended; empty until it has. */
    public Optional<CompletedRequest> completed() {
        return Optional.ofNullable(completed);
    }

    /** It has ended. */
    public void completed(CompletedRequest request) {
        completed = request;
    }
}
