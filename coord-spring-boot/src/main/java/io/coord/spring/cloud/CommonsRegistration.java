package io.coord.spring.cloud;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.RegistrationInterceptor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.context.ApplicationContext;

/**
 * The application's own registration under the rules of Spring Cloud: its properties may switch it off, its events are published around
 * it, and who registers with another registry does not register here as well, unless told to.
 */
final class CommonsRegistration implements RegistrationInterceptor {

    private static final Logger logger = LoggerFactory.getLogger(CommonsRegistration.class);

    private static final List<String> SWITCHES = List.of(
            "spring.cloud.discovery.enabled",
            "spring.cloud.service-registry.enabled",
            "spring.cloud.service-registry.auto-registration.enabled");

    private final ApplicationContext context;
    private final ObjectProvider<AutoServiceRegistration> automatic;
    private final @Nullable CoordRegistration self;

    /** @param self null when the application registers with another registry */
    CommonsRegistration(
            ApplicationContext context,
            ObjectProvider<AutoServiceRegistration> automatic,
            @Nullable CoordRegistration self) {
        this.context = context;
        this.automatic = automatic;
        this.self = self;
    }

    @Override
    public boolean isAutomatic() {
        Binder binder = Binder.get(context.getEnvironment());
        for (String key : SWITCHES) {
            if (!binder.bind(key, Boolean.class).orElse(true)) {
                logger.info("This application does not register itself as a service, because '{}' is false", key);
                return false;
            }
        }
        boolean asked = binder.bind("coord.discovery.register", Boolean.class).orElse(false);
        AutoServiceRegistration other = automatic.stream()
                .filter(each -> !(each instanceof CoordAutoServiceRegistration))
                .findFirst()
                .orElse(null);
        if (other != null && !asked) {
            logger.info(
                    "This application is not registered with Coord, because {} registers it elsewhere: set"
                            + " 'coord.discovery.register' to true for both",
                    other.getClass().getSimpleName());
            return false;
        }
        return true;
    }

    @Override
    public ServiceInstance<InstanceDetails> beforeRegistration(ServiceInstance<InstanceDetails> instance) {
        if (self == null) {
            return instance;
        }
        context.publishEvent(new InstancePreRegisteredEvent(this, self));
        return self.withMetadata(instance);
    }

    @Override
    public void afterRegistration() {
        if (self != null) {
            context.publishEvent(new InstanceRegisteredEvent<>(this, self));
        }
    }
}
