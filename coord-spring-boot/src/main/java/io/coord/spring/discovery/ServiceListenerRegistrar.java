package io.coord.spring.discovery;

import io.coord.spring.method.AnnotatedMethods;
import io.coord.spring.method.AttributeReader;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerRegistrar;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.StringValueResolver;

/** Finds the methods of beans that carry {@link ServiceListener}, checks them and has them told. Runs on the threads that make beans. */
public final class ServiceListenerRegistrar extends ListenerRegistrar<ListenedService> {

    private final Supplier<@Nullable ServiceListeners> listeners;

    /**
     * @param placeholders replaces placeholders in annotations; throws IllegalArgumentException for one that has no value
     * @param listeners asked when the first such bean is made, not before; null where services are not looked for
     */
    public ServiceListenerRegistrar(
            StringValueResolver placeholders, BeanFactory beans, Supplier<@Nullable ServiceListeners> listeners) {
        super(
                methods(new AttributeReader(placeholders, InvalidServiceListenerException::new)),
                InvalidServiceListenerException::new,
                beans);
        this.listeners = listeners;
    }

    private static AnnotatedMethods<ListenedService> methods(AttributeReader attributes) {
        return new AnnotatedMethods<>(
                Set.of(ServiceListener.class), (method, type) -> ListenedService.read(method, attributes));
    }

    @Override
    protected void register(ListenedService listened, BeanMethod method) {
        ServiceListeners services = listeners.get();
        if (services == null) {
            throw new InvalidServiceListenerException(
                    method.method(),
                    "there is no bean of type ServiceDirectory to listen to, or several of which none is primary",
                    "Set 'coord.discovery.enabled' to true, and 'coord.discovery.register' to false if the application is not to"
                            + " be found itself; of several directories mark one with @Primary.");
        }
        services.add(listened, method);
    }
}
