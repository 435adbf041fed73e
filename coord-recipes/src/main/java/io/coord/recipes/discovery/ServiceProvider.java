package io.coord.recipes.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Chooses among the instances of a service, from a {@link ServiceDirectory}: asking it asks no server, and while the servers
 * are out of reach it goes on with the instances that were known last. Callers tell it of instances that do not answer, and it
 * leaves these out for a while.
 *
 * <p>Thread-safe: its parts are. It has nothing to close; the directory has.
 *
 * <pre>{@code
 * ServiceDirectory<Payload> directory =
 *         ServiceDirectory.ofAll(client, "/services", InstanceSerializer.of(Payload.class)).start();
 * ServiceProvider<Payload> shops = ServiceProvider.builder(directory, "shop").strategy(ProviderStrategy.random()).build();
 * Optional<ServiceInstance<Payload>> shop = shops.instance();
 * }</pre>
 *
 * @param <T> the payload
 */
public final class ServiceProvider<T> {
    private final ServiceDirectory<T> directory;
    private final String serviceName;
    private final ProviderStrategy<T> strategy;
    private final Predicate<? super ServiceInstance<T>> filter;
    private final DownInstances down;

    private ServiceProvider(Builder<T> settings) {
        this.directory = settings.directory;
        this.serviceName = settings.serviceName;
        this.strategy = settings.strategy;
        this.filter = settings.filter;
        this.down = new DownInstances(settings.errorsUntilDown, settings.downFor, settings.clockNs);
    }

    /** Round robin; an instance with two errors within 30 seconds is left out, unless the builder is told otherwise. */
    public static <T> Builder<T> builder(ServiceDirectory<T> directory, String serviceName) {
        return new Builder<>(directory, serviceName);
    }

    public String serviceName() {
        return serviceName;
    }

    /** The instance to call; empty when none is known that is enabled, passes the filter and is not down. */
    public Optional<ServiceInstance<T>> instance() {
        return strategy.choose(instances());
    }

    /** All that {@link #instance()} chooses from, in the order of their ids. */
    public List<ServiceInstance<T>> instances() {
        List<ServiceInstance<T>> candidates = new ArrayList<>();
        for (ServiceInstance<T> each : directory.instances(serviceName)) {
            if (each.enabled() && filter.test(each) && !down.isDown(each)) {
                candidates.add(each);
            }
        }
        return Collections.unmodifiableList(candidates);
    }

    /** The caller could not reach the instance, or was not served by it. */
    public void noteError(ServiceInstance<T> instance) {
        down.noteError(instance);
    }

    /** Settings of a {@link ServiceProvider}. Not thread-safe. */
    public static final class Builder<T> {
        private final ServiceDirectory<T> directory;
        private final String serviceName;
        private ProviderStrategy<T> strategy = ProviderStrategy.roundRobin();
        private Predicate<? super ServiceInstance<T>> filter = instance -> true;
        private int errorsUntilDown = 2;
        private Duration downFor = Duration.ofSeconds(30);
        private LongSupplier clockNs = System::nanoTime;

        private Builder(ServiceDirectory<T> directory, String serviceName) {
            this.directory = directory;
            this.serviceName = serviceName;
        }

        /** Which instance comes next. A strategy keeps its place: each provider needs its own. */
        public Builder<T> strategy(ProviderStrategy<T> chooser) {
            this.strategy = chooser;
            return this;
        }

        /** Chooses only among instances that pass. */
        public Builder<T> filter(Predicate<? super ServiceInstance<T>> wanted) {
            this.filter = wanted;
            return this;
        }

        /**
         * Leaves an instance out after so many errors, until this time has passed since the first of them.
         *
         * @param errors at least one
         */
        public Builder<T> downAfter(int errors, Duration window) {
            if (errors < 1 || window.isNegative()) {
                throw new IllegalArgumentException(
                        "an instance cannot be down after " + errors + " errors for " + window);
            }
            this.errorsUntilDown = errors;
            this.downFor = window;
            return this;
        }

        Builder<T> clock(LongSupplier monotonicNs) {
            this.clockNs = monotonicNs;
            return this;
        }

        public ServiceProvider<T> build() {
            return new ServiceProvider<>(this);
        }
    }
}
