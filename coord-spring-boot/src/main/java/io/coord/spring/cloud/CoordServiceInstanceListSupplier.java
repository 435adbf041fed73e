package io.coord.spring.cloud;

import java.util.List;
import java.util.function.Supplier;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The callable instances of one service, as they are when a load balancer asks; whoever stays subscribed is given each new list. No list
 * is kept: one that is deregistered is not chosen any more as soon as the directory has heard of it. A service that Coord does not know is
 * looked for in the other discovery clients.
 *
 * <p>Thread-safe: its parts are.
 */
final class CoordServiceInstanceListSupplier implements ServiceInstanceListSupplier {

    private final KnownServices services;
    private final CallableInstances<?> instances;
    private final Supplier<ServiceInstanceListSupplier> others;
    private final Flux<List<ServiceInstance>> following;

    /** @param known whether Coord knows the service; otherwise the list is empty */
    private record Callable(boolean known, List<ServiceInstance> instances) {}

    /** @param others asked when it is needed for the first time */
    CoordServiceInstanceListSupplier(
            KnownServices services,
            CallableInstances<?> instances,
            ServiceChanges changes,
            Supplier<ServiceInstanceListSupplier> others) {
        this.services = services;
        this.instances = instances;
        this.others = others;
        this.following = changes.signals()
                .map(signal -> callable())
                .distinctUntilChanged()
                .switchMap(this::list);
    }

    private Callable callable() {
        boolean known = instances.isKnown();
        return new Callable(known, known ? instances.list() : List.of());
    }

    private Flux<List<ServiceInstance>> list(Callable callable) {
        return callable.known() ? Flux.just(callable.instances()) : others.get().get();
    }

    @Override
    public String getServiceId() {
        return instances.service();
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
        return Flux.defer(() -> services.isFilled()
                ? following
                : Mono.fromCompletionStage(services::filledAsync).thenMany(following));
    }
}
