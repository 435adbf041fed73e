package io.coord.spring.cloud;

import io.coord.spring.discovery.InstanceRegistry;
import io.coord.spring.discovery.InstanceStatus;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.util.StringUtils;

/**
 * Registrations of this application, among them the one that it has made of itself: registering that again changes it and makes no
 * second. When the application stops they are all taken back before its web server drains.
 *
 * <p>Thread-safe: the registry of instances is.
 */
public final class CoordServiceRegistry implements ServiceRegistry<CoordRegistration> {

    private static final Logger logger = LoggerFactory.getLogger(CoordServiceRegistry.class);

    private final InstanceRegistry instances;
    private final Duration patience;

    /** @param patience how long a deregistration is waited for */
    CoordServiceRegistry(InstanceRegistry instances, Duration patience) {
        this.instances = instances;
        this.patience = patience;
    }

    /**
     * Registers, or changes what is registered. Does not wait: it is registered as soon as the servers are in reach.
     *
     * @throws IllegalStateException when the application has no name or no port yet, or is being stopped
     */
    @Override
    public void register(@Nullable CoordRegistration registration) {
        if (registration != null) {
            instances.register(registration.instance());
        }
    }

    /**
     * Takes the registration back, and waits until the servers have done so, for {@code coord.request-timeout} at most: then it goes on
     * without the caller, and is done at the end of the session at the latest.
     */
    @Override
    public void deregister(@Nullable CoordRegistration registration) {
        if (registration == null) {
            return;
        }
        boolean gone = instances
                .deregister(registration.getServiceId(), registration.getInstanceId())
                .toCompletableFuture()
                .thenApply(done -> true)
                .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (!gone) {
            logger.warn(
                    "{} is still being deregistered after {} ms: the servers do not answer",
                    registration,
                    patience.toMillis());
        }
    }

    /** Does nothing: registrations end when the application stops, before this bean is closed. */
    @Override
    public void close() {}

    /**
     * Shows the status to others, without waiting. One that is not registered is registered with it later. Load balancers call instances
     * that are {@link InstanceStatus#UP} only.
     *
     * @param status {@code UP}, {@code OUT_OF_SERVICE}, or another text that others understand
     * @throws IllegalArgumentException for an empty one
     */
    @Override
    public void setStatus(CoordRegistration registration, String status) {
        if (!StringUtils.hasText(status)) {
            throw new IllegalArgumentException("the status of an instance must not be empty");
        }
        registration.status(status);
        instances
                .find(registration.getServiceId(), registration.getInstanceId())
                .map(registration::withMetadata)
                .ifPresent(instances::register);
    }

    /** The status as a text, {@link InstanceStatus#UP} if none was set. */
    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The interface leaves the type to each registry.
    public <T> T getStatus(CoordRegistration registration) {
        return (T) registration.status();
    }
}
