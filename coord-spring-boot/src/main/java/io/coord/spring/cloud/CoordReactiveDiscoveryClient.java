package io.coord.spring.cloud;

import java.util.List;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * As {@link CoordDiscoveryClient}; no thread waits.
 *
 * <p>Thread-safe: immutable.
 */
public final class CoordReactiveDiscoveryClient implements ReactiveDiscoveryClient {

    private final KnownServices services;
    private final int order;

    CoordReactiveDiscoveryClient(KnownServices services, int order) {
        this.services = services;
        this.order = order;
    }

    @Override
    public String description() {
        return "Coord Reactive Discovery Client";
    }

    /** All instances that are registered at the moment of the subscription, those that are out of service, too. */
    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return onceFilled(() -> services.instances(serviceId));
    }

    @Override
    public Flux<String> getServices() {
        return onceFilled(services::names);
    }

    private <T> Flux<T> onceFilled(Supplier<List<T>> answer) {
        return Flux.defer(() -> services.isFilled()
                ? Flux.fromIterable(answer.get())
                : Mono.fromCompletionStage(services::filledAsync)
                        .thenMany(Flux.defer(() -> Flux.fromIterable(answer.get()))));
    }

    /** Fails when nothing has been heard of the servers yet. */
    @Override
    public Mono<Void> reactiveProbe() {
        return Mono.defer(() -> services.isFilled()
                ? Mono.empty()
                : Mono.error(
                        new IllegalStateException("no services are known: the servers have not been in reach yet")));
    }

    @Override
    public int getOrder() {
        return order;
    }
}
