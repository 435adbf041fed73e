package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;

/**
 * The directory for Spring Cloud. Who asks before it was complete for the first time waits for that, but all together no longer than the
 * patience: an application whose servers are away answers with nothing soon, and then at once.
 *
 * <p>Thread-safe: the directory is, and an atomic reference holds since when somebody waits.
 */
final class KnownServices {

    private final ServiceDirectory<?> directory;
    private final Duration patience;
    private final AtomicReference<@Nullable Long> waitingSinceNs = new AtomicReference<>();

    /** @param directory that somebody else starts and closes */
    KnownServices(ServiceDirectory<?> directory, Duration patience) {
        this.directory = directory;
        this.patience = patience;
    }

    ServiceDirectory<?> directory() {
        return directory;
    }

    /** All instances that can be called by their address, whatever their status, in the order of their ids. */
    List<ServiceInstance> instances(String service) {
        return present(directory.instances(service));
    }

    static List<ServiceInstance> present(List<? extends io.coord.recipes.discovery.ServiceInstance<?>> registered) {
        List<ServiceInstance> instances = new ArrayList<>(registered.size());
        for (io.coord.recipes.discovery.ServiceInstance<?> each : registered) {
            if (each.address() != null) {
                instances.add(CoordServiceInstance.of(each));
            }
        }
        return instances;
    }

    List<String> names() {
        return List.copyOf(directory.names());
    }

    /** Whether the directory was complete once: what it shows is at worst old, not missing. */
    boolean isFilled() {
        return directory.isInitialized();
    }

    /**
     * Waits, if somebody fills the directory.
     *
     * @throws IllegalStateException on a thread of the client, if it would have to wait
     */
    void awaitFilled() {
        if (isFilled() || !directory.isStarted()) {
            return;
        }
        Duration left = left();
        if (!left.isZero()) {
            directory.awaitInitialized(left);
        }
    }

    /** Completes when there is nothing more to wait for. */
    CompletionStage<Boolean> filledAsync() {
        Duration left = isFilled() || !directory.isStarted() ? Duration.ZERO : left();
        return left.isZero()
                ? CompletableFuture.completedFuture(isFilled())
                : directory
                        .initializedAsync()
                        .toCompletableFuture()
                        .completeOnTimeout(false, left.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration left() {
        long now = System.nanoTime();
        waitingSinceNs.compareAndSet(null, now);
        Long since = waitingSinceNs.get();
        long passed = since == null ? 0 : now - since;
        return passed >= patience.toNanos() ? Duration.ZERO : patience.minusNanos(Math.max(0, passed));
    }
}
