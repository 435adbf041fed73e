package io.coord.spring.autoconfigure.recipes;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.recipes.discovery.ServiceRegistration.State;
import io.coord.spring.discovery.InstanceDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Registers this application, and every {@link ServiceRegistration} that is a bean, last of all at the start. Takes them back first of
 * all at the end, and gives others a moment to notice, before the web server stops to accept requests.
 */
final class RegistrationLifecycle implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(RegistrationLifecycle.class);

    private final CoordClient client;
    private final String root;
    private final InstanceSerializer<InstanceDetails> serializer;
    private final ApplicationInstance self;
    private final ListableBeanFactory beans;
    private final Duration deregisterTimeout;
    private final Duration deregisterDelay;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private volatile boolean running;

    RegistrationLifecycle(
            CoordClient client,
            String root,
            InstanceSerializer<InstanceDetails> serializer,
            ApplicationInstance self,
            ListableBeanFactory beans,
            Duration deregisterTimeout,
            Duration deregisterDelay) {
        this.client = client;
        this.root = root;
        this.serializer = serializer;
        this.self = self;
        this.beans = beans;
        this.deregisterTimeout = deregisterTimeout;
        this.deregisterDelay = deregisterDelay;
    }

    @Override
    public void start() {
        self.build().ifPresent(instance -> {
            logger.info("Registering {}", describe(instance));
            registrations.add(new ServiceRegistration<>(client, root, instance, serializer));
        });
        registrations.addAll(registrationBeans());
        for (ServiceRegistration<?> registration : registrations) {
            if (!registration.isStarted()) {
                registration.start();
            }
        }
        running = true;
    }

    @SuppressWarnings("unchecked")
    private List<ServiceRegistration<?>> registrationBeans() {
        List<ServiceRegistration<?>> found = new ArrayList<>();
        for (ServiceRegistration<?> each :
                beans.getBeansOfType(ServiceRegistration.class, false, true).values()) {
            found.add(each);
        }
        return found;
    }

    private static String describe(ServiceInstance<?> instance) {
        return instance.name() + " at " + instance.address() + ":" + instance.port() + " as " + instance.id();
    }

    @Override
    public void stop() {
        deregister().join();
    }

    @Override
    public void stop(Runnable callback) {
        deregister().whenComplete((done, failure) -> callback.run());
    }

    /** Completes when others have had time to notice. Bounded: without servers nobody waits longer than for a request. */
    private CompletableFuture<Void> deregister() {
        running = false;
        boolean registered = registrations.stream().anyMatch(each -> each.state() == State.REGISTERED);
        CompletableFuture<?>[] gone = registrations.stream()
                .map(each -> each.unregisterAsync().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        registrations.clear();
        CompletableFuture<Void> deregistered = CompletableFuture.allOf(gone)
                .completeOnTimeout(null, deregisterTimeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!registered || deregisterDelay.isZero()) {
            return deregistered;
        }
        logger.info(
                "Deregistering; the web server goes on for {} ms, so that others notice", deregisterDelay.toMillis());
        return deregistered.thenRunAsync(
                () -> {}, CompletableFuture.delayedExecutor(deregisterDelay.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    /** Tests pause contexts that they keep; an ended registration does not start again. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
