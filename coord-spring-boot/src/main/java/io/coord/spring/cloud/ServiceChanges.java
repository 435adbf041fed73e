package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Signals that services have changed, for those who follow them. Whoever subscribes is signalled at once, too, so nothing is missed between
 * a look and the subscription.
 *
 * <p>Thread-safe: the sink is, and one thread emits.
 */
final class ServiceChanges implements DisposableBean {

    private final Sinks.Many<Boolean> changes = Sinks.many().replay().latestOrDefault(true);
    private final DirectoryFollower follower;

    /** @param patience how long the end waits for a subscriber that is being signalled */
    ServiceChanges(ServiceDirectory<?> directory, Duration patience) {
        this.follower = new DirectoryFollower(
                directory,
                "coord-load-balancer",
                patience,
                () -> changes.tryEmitNext(true).orThrow());
    }

    Flux<Boolean> signals() {
        return changes.asFlux();
    }

    @Override
    public void destroy() {
        follower.close();
        changes.tryEmitComplete().orThrow();
    }
}
