package io.coord.sample;

import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceListener;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The instances of the shop, this one included: sees them come and go. Thread-safe: it keeps nothing but the directory. */
@Component
class Peers {

    private final ServiceDirectory<?> directory;
    private final String service;

    Peers(ServiceDirectory<?> directory, EventLog events, @Value("${spring.application.name}") String service) {
        this.directory = directory;
        this.service = service;
        follow(directory, events);
    }

    /** In the order of their names, as this instance knows them. */
    List<ShopView.Instance> all() {
        return directory.instances(service).stream().map(Peers::describe).toList();
    }

    private <T> void follow(ServiceDirectory<T> services, EventLog events) {
        services.addListener(new ServiceListener<>() {
            @Override
            public void onAdded(ServiceInstance<T> instance) {
                tell(instance, "came");
            }

            @Override
            public void onRemoved(ServiceInstance<T> instance) {
                tell(instance, "went");
            }

            private void tell(ServiceInstance<T> instance, String what) {
                if (instance.name().equals(service)) {
                    events.add(instance.id() + ' ' + what);
                }
            }
        });
    }

    private static ShopView.Instance describe(ServiceInstance<?> instance) {
        return new ShopView.Instance(
                instance.id(), instance.address(), instance.port(), instance.registrationTimeUtc());
    }
}
