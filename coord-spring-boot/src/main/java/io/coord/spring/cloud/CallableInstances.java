package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceProvider;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.InstanceStatus;
import java.util.List;
import org.springframework.cloud.client.ServiceInstance;

/**
 * The instances of one service that are worth a call now: up, and without too many failed calls lately. If only the latter are left, they
 * are better than none.
 *
 * <p>Thread-safe: its parts are.
 *
 * @param <T> the payload
 */
final class CallableInstances<T> {

    private final ServiceDirectory<T> directory;
    private final ServiceProvider<T> provider;
    private final boolean countsErrors;

    CallableInstances(ServiceDirectory<T> directory, String service, CoordProperties.Discovery.LoadBalancer settings) {
        this.directory = directory;
        this.countsErrors = settings.errorsUntilDown() > 0;
        this.provider = ServiceProvider.builder(directory, service)
                .filter(InstanceStatus::isUp)
                .downAfter(Math.max(1, settings.errorsUntilDown()), settings.downFor())
                .build();
    }

    String service() {
        return provider.serviceName();
    }

    /** Whether the service has an instance at all, one that wants to be called or not. */
    boolean isKnown() {
        return !directory.instances(service()).isEmpty();
    }

    List<ServiceInstance> list() {
        List<ServiceInstance> callable = KnownServices.present(provider.instances());
        if (!callable.isEmpty()) {
            return callable;
        }
        return KnownServices.present(directory.instances(service()).stream()
                .filter(InstanceStatus::isUp)
                .toList());
    }

    /** A call of the instance has failed. It counts for what is registered now only if that is the same registration. */
    void noteError(CoordServiceInstance instance) {
        if (countsErrors) {
            directory
                    .instance(service(), instance.getInstanceId())
                    .filter(now ->
                            now.registrationTimeUtc() == instance.registered().registrationTimeUtc())
                    .ifPresent(provider::noteError);
        }
    }
}
