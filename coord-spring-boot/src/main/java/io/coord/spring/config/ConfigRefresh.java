package io.coord.spring.config;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.ClientClosedException;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import io.coord.spring.autoconfigure.CoordConfigFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Follows what was imported from when the context is ready until it stops. Caches without data say that something changed, on callback threads;
 * all else, reading again included, happens on one thread of its own.
 */
final class ConfigRefresh implements SmartLifecycle, ApplicationListener<ContextRefreshedEvent> {

    /** Stops with what else listens: before caches are closed, after registration. */
    private static final int PHASE = DEFAULT_PHASE - 998;

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Logger logger = LoggerFactory.getLogger(ConfigRefresh.class);

    private final @Nullable ImportedConfig imported;
    private final ApplicationContext context;
    private final Duration resyncJitter;
    private final List<CoordCache> caches = new ArrayList<>();
    private final Duration patience;
    private @Nullable ScheduledThreadPoolExecutor thread;
    private @Nullable Debounce debounce;
    private volatile @Nullable Thread worker;
    private volatile boolean running;

    /**
     * @param imported null when nothing was
     * @param patience how long the stop waits for a listener that is being called
     */
    ConfigRefresh(
            @Nullable ImportedConfig imported, ApplicationContext context, Duration resyncJitter, Duration patience) {
        this.imported = imported;
        this.context = context;
        this.resyncJitter = resyncJitter;
        this.patience = patience;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        ImportedConfig config = imported;
        if (config == null
                || event.getApplicationContext() != context
                || !running
                || !config.refresh().enabled()) {
            return;
        }
        debounce = new Debounce(config.refresh().debounce().toNanos());
        thread = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread created = new Thread(task, "coord-config-refresh");
                    created.setDaemon(true);
                    worker = created;
                    return created;
                },
                // What comes when it was stopped already.
                new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        CoordClient client = config.client().client();
        for (ImportedLocation location : config.locations()) {
            location.sections().forEach(section -> follow(client, section));
        }
    }

    /** What changed between the import and now is told as the first filling. */
    private void follow(CoordClient client, ConfigSection section) {
        var own = CoordCache.builder(client, section.path());
        if (section.format() != CoordConfigFormat.KEYS) {
            own.singleNode();
        }
        start(own.withoutData().resyncJitter(resyncJitter).build());
        section.documents()
                .forEach(document -> start(CoordCache.builder(client, document.path())
                        .singleNode()
                        .withoutData()
                        .resyncJitter(resyncJitter)
                        .build()));
    }

    private void start(CoordCache cache) {
        cache.addListener(new Noticing());
        caches.add(cache.start());
    }

    /** Whatever it is told, everything is read again. */
    private final class Noticing implements CacheListener {

        @Override
        public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
            noticed();
        }

        @Override
        public void onInitialized() {
            noticed();
        }

        @Override
        public void onResynced() {
            noticed();
        }
    }

    private void noticed() {
        ScheduledThreadPoolExecutor owner = thread;
        if (running && owner != null) {
            owner.execute(() -> changed(owner));
        }
    }

    private void changed(ScheduledThreadPoolExecutor owner) {
        Debounce burst = Objects.requireNonNull(debounce);
        boolean waiting = burst.isPending();
        burst.changed(System.nanoTime());
        if (!waiting) {
            look(owner, burst);
        }
    }

    private void look(ScheduledThreadPoolExecutor owner, Debounce burst) {
        long remaining = burst.remainingNanos(System.nanoTime());
        if (remaining > 0) {
            owner.schedule(() -> look(owner, burst), remaining, TimeUnit.NANOSECONDS);
            return;
        }
        burst.taken();
        refresh(owner);
    }

    private void refresh(ScheduledThreadPoolExecutor owner) {
        ImportedConfig config = Objects.requireNonNull(imported);
        try {
            Map<ImportedLocation, Map<ConfigSection, Map<String, OriginTrackedValue>>> read = config.readAgain();
            if (running) {
                tell(apply(read));
            }
        } catch (CallInterruptedException | ClientClosedException e) {
            logger.debug("Configuration is not followed any more", e);
        } catch (UnreachableConfigException e) {
            logger.info("Changed configuration could not be read yet: the servers {}", e.getMessage());
            if (running) {
                owner.schedule(() -> changed(owner), RETRY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (UnreadableConfigException e) {
            logger.warn(
                    "Changed configuration is not used, the application goes on with what it has: {} {}",
                    e.analysis().getDescription(),
                    e.analysis().getAction());
        } catch (RuntimeException e) {
            logger.error("Changed configuration was not taken over", e);
        }
    }

    private void tell(Set<String> changed) {
        if (changed.isEmpty()) {
            return;
        }
        logger.info("Configuration on the servers changed: {}", changed);
        try {
            context.publishEvent(new CoordConfigChangedEvent(context, changed));
        } catch (RuntimeException e) {
            logger.error("A listener of changed configuration failed; the environment has the changes", e);
        }
    }

    /** @return keys with another value for those who ask the environment */
    private Set<String> apply(Map<ImportedLocation, Map<ConfigSection, Map<String, OriginTrackedValue>>> read) {
        Set<String> touched = new TreeSet<>();
        read.forEach((location, sections) -> sections.forEach((section, values) -> {
            Map<String, OriginTrackedValue> before = location.values(section);
            collectDifferent(before, values, touched);
            collectDifferent(values, before, touched);
        }));
        Map<String, @Nullable Object> effectiveBefore = new LinkedHashMap<>();
        touched.forEach(key -> effectiveBefore.put(key, effective(key)));
        read.forEach(ImportedLocation::show);
        touched.removeIf(key -> Objects.equals(effectiveBefore.get(key), effective(key)));
        return touched;
    }

    private static void collectDifferent(
            Map<String, OriginTrackedValue> some, Map<String, OriginTrackedValue> others, Set<String> keys) {
        some.forEach((key, value) -> {
            OriginTrackedValue other = others.get(key);
            if (other == null || !value.getValue().equals(other.getValue())) {
                keys.add(key);
            }
        });
    }

    /** As it was written, placeholders and all. */
    private @Nullable Object effective(String key) {
        if (context.getEnvironment() instanceof ConfigurableEnvironment environment) {
            for (PropertySource<?> source : environment.getPropertySources()) {
                Object value = ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
                        ? null
                        : source.getProperty(key);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    @Override
    public void stop() {
        running = false;
        caches.forEach(CoordCache::close);
        caches.clear();
        ScheduledThreadPoolExecutor owner = thread;
        if (owner != null) {
            owner.shutdown();
            awaitEnd(owner);
        }
    }

    /** A listener may close the context. */
    private void awaitEnd(ScheduledThreadPoolExecutor owner) {
        if (Thread.currentThread().equals(worker)) {
            return;
        }
        try {
            if (!owner.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                logger.warn("A listener of changed configuration still runs after {} ms", patience.toMillis());
                owner.shutdownNow();
            }
        } catch (InterruptedException e) {
            owner.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Tests pause contexts that they keep; closed caches would notice nothing afterwards. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
