package io.coord.spring.autoconfigure.recipes;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.recipes.discovery.ServiceRegistration.State;
import io.coord.spring.discovery.ApplicationDescription;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceRegistry;
import io.coord.spring.discovery.RegistrationInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Registers this application, and every {@link ServiceRegistration} that is a bean, last of all at the start. Takes them back, with what else was registered, first of
 * all at the end, and gives others a moment to notice, before the web server stops to accept requests.
 */
final class RegistrationLifecycle implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(RegistrationLifecycle.class);

    private final ApplicationDescription self;
    private final boolean register;
    private final @Nullable RegistrationInterceptor interceptor;
    private final InstanceRegistry registry;
    private final ListableBeanFactory beans;
    private final Duration deregisterTimeout;
    private final Duration deregisterDelay;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private volatile boolean running;

    /** @param register whether the application is to register itself, unless the interceptor says otherwise */
    RegistrationLifecycle(
            ApplicationDescription self,
            boolean register,
            @Nullable RegistrationInterceptor interceptor,
            InstanceRegistry registry,
            ListableBeanFactory beans,
            Duration deregisterTimeout,
            Duration deregisterDelay) {
        this.self = self;
        this.register = register;
        this.interceptor = interceptor;
        this.registry = registry;
        this.beans = beans;
        this.deregisterTimeout = deregisterTimeout;
        this.deregisterDelay = deregisterDelay;
    }

    @Override
    public void start() {
        if (register && (interceptor == null || interceptor.isAutomatic())) {
            registerSelf();
        }
        registrations.addAll(registrationBeans());
        for (ServiceRegistration<?> registration : registrations) {
            if (!registration.isStarted()) {
                registration.start();
            }
        }
        running = true;
    }

    /** Not an application that has no name or no port: then the log says so. */
    private void registerSelf() {
        ServiceInstance<InstanceDetails> instance = self.describe().orElse(null);
        if (instance == null) {
            logger.info("This application is not registered as a service, because it has no name: set"
                    + " 'spring.application.name' or 'coord.discovery.name'");
        } else if (instance.port() == null && instance.sslPort() == null) {
            logger.info("This application is not registered as a service, because it has no web server: set"
                    + " 'coord.discovery.port' if it listens on a port of its own");
        } else if (interceptor == null) {
            registry.register(instance);
        } else {
            registry.register(interceptor.beforeRegistration(instance));
            interceptor.afterRegistration();
        }
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
        boolean registered =
                registry.isAnyRegistered() || registrations.stream().anyMatch(each -> each.state() == State.REGISTERED);
        List<CompletionStage<Void>> gone = new ArrayList<>();
        gone.add(registry.closeAsync());
        registrations.forEach(each -> gone.add(each.unregisterAsync()));
        registrations.clear();
        CompletableFuture<Void> deregistered = CompletableFuture.allOf(
                        gone.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new))
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
