package io.coord.spring.config;

import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.EarlyClient;
import io.coord.spring.config.LastKnownGood.Kept;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.bootstrap.BootstrapContext;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;

/**
 * All that one application imported, and the connection that it came over. Made with the first import; handed over to the context, as two
 * singletons, when there is one.
 */
final class ImportedConfig implements AutoCloseable {

    private final CoordProperties.Config settings;
    private final Duration patience;
    private final Supplier<EarlyClient> clients;
    private final Clock clock;
    private final Log log;
    private final @Nullable LastKnownGood lastKnownGood;
    private final List<ImportedLocation> locations = new ArrayList<>();
    private @Nullable EarlyClient client;
    private boolean silent;

    /** @param clients makes the client, when something is to be read */
    ImportedConfig(CoordProperties properties, Supplier<EarlyClient> clients, Clock clock, Log log) {
        this.settings = properties.config();
        this.patience = properties.waitTimeout();
        this.clients = clients;
        this.clock = clock;
        this.log = log;
        Path file = settings.lastKnownGood();
        this.lastKnownGood = file == null ? null : new LastKnownGood(file);
    }

    /** The one of a start that has imported something. */
    static ImportedConfig of(BootstrapContext bootstrap) {
        return Objects.requireNonNull(bootstrap.get(ImportedConfig.class));
    }

    CoordProperties.ConfigRefresh refresh() {
        return settings.refresh();
    }

    List<ImportedLocation> locations() {
        return locations;
    }

    /** The client that all was, or was to be, read with. */
    EarlyClient client() {
        EarlyClient known = client;
        if (known == null) {
            known = clients.get();
            client = known;
        }
        return known;
    }

    /**
     * What a location has, from the servers or, when they do not answer, from the file.
     *
     * @return what wins last; nothing in it for an optional location that is not to be had
     */
    List<? extends PropertySource<?>> load(CoordConfigDataResource resource) {
        ImportedLocation location = new ImportedLocation(resource);
        try {
            awaitConnection();
            Map<ConfigSection, SortedMap<String, byte[]>> znodes = location.read(client().client());
            location.show(location.decode(znodes));
            if (location.isEmpty(znodes)) {
                missing(resource);
            }
            keep(znodes);
        } catch (UnreachableConfigException e) {
            silent = true;
            remember(resource, location, e);
        }
        locations.add(location);
        return location.propertySources();
    }

    /** Who did not answer the first location is not waited for again. */
    private void awaitConnection() {
        boolean connected = client().awaitConnection(silent ? Duration.ZERO : patience);
        if (!connected) {
            throw new UnreachableConfigException("gave no session within " + patience.toMillis() + " ms");
        }
    }

    private void missing(CoordConfigDataResource resource) {
        List<String> paths =
                resource.sections().stream().map(ConfigSection::path).toList();
        if (resource.isOptionalLocation()) {
            log.info("There is no configuration yet for '" + resource + "', none of the znodes " + paths);
            return;
        }
        throw new FailureAnalyzedException(
                "The " + client().servers() + " hold no configuration for '" + resource + "': none of the znodes "
                        + paths + " exists, nor one with the ending .properties, .yaml or .yml.",
                "Create one of them; correct 'coord.config.root', 'coord.config.name', 'coord.namespace' or the path at the end of"
                        + " 'coord.connect-string'; or write 'optional:" + resource + "' if the application can start"
                        + " without it.");
    }

    private void remember(
            CoordConfigDataResource resource, ImportedLocation location, UnreachableConfigException failure) {
        String silence = "The " + client().servers() + " " + failure.getMessage();
        String lacking = "no 'coord.config.last-known-good' is configured";
        LastKnownGood file = lastKnownGood;
        if (file != null) {
            try {
                Kept kept = file.read(resource.sections());
                if (kept != null) {
                    location.show(location.decode(kept.znodes()));
                    log.warn(silence + ". The configuration of '" + resource + "' is the one that was read last, "
                            + age(kept.oldest()) + " ago (" + kept.oldest().truncatedTo(ChronoUnit.SECONDS) + "), from "
                            + file.file());
                    return;
                }
                lacking = file.file() + " ('coord.config.last-known-good') does not know all of it";
            } catch (IOException | UnreadableConfigException e) {
                lacking = "the file of 'coord.config.last-known-good' cannot be used (" + e.getMessage() + ")";
            }
        }
        if (!resource.isOptionalLocation()) {
            throw new FailureAnalyzedException(
                    silence + ", so the configuration of '" + resource + "' cannot be imported, and " + lacking + ".",
                    "Check that the servers run and are reached from this machine at these addresses ('coord.connect-string';"
                            + " 'coord.wait-timeout' says how long they are waited for). To start without them write 'optional:"
                            + resource + "', or set 'coord.config.last-known-good' to a file that keeps what was read"
                            + " last.");
        }
        log.warn(silence + ". The application goes on without the configuration of '" + resource
                + "', which is optional; " + lacking);
    }

    private String age(Instant then) {
        Duration age = Duration.between(then, clock.instant());
        if (age.toDays() > 0) {
            return age.toDays() + " d " + age.toHoursPart() + " h";
        }
        return age.toHours() > 0
                ? age.toHours() + " h " + age.toMinutesPart() + " min"
                : age.toMinutes() + " min " + age.toSecondsPart() + " s";
    }

    private void keep(Map<ConfigSection, SortedMap<String, byte[]>> znodes) {
        LastKnownGood file = lastKnownGood;
        if (file != null) {
            try {
                file.write(znodes, clock.instant());
            } catch (IOException e) {
                log.warn("The configuration could not be kept in " + file.file()
                        + " ('coord.config.last-known-good'), so a start without servers would lack it: " + e);
            }
        }
    }

    /**
     * Reads everything again and keeps it. Nothing is shown yet.
     *
     * @return values by location
     * @throws UnreachableConfigException when the servers do not answer
     * @throws UnreadableConfigException when something is no configuration; then nothing of it counts
     */
    Map<ImportedLocation, Map<ConfigSection, Map<String, OriginTrackedValue>>> readAgain() {
        Map<ImportedLocation, Map<ConfigSection, Map<String, OriginTrackedValue>>> values = new LinkedHashMap<>();
        Map<ConfigSection, SortedMap<String, byte[]>> all = new LinkedHashMap<>();
        for (ImportedLocation location : locations) {
            Map<ConfigSection, SortedMap<String, byte[]>> znodes = location.read(client().client());
            values.put(location, location.decode(znodes));
            all.putAll(znodes);
        }
        keep(all);
        return values;
    }

    /** The context's own from now on, which closes the client after everything else. */
    void handOver(ConfigurableApplicationContext context) {
        EarlyClient known = client;
        if (known == null) {
            return;
        }
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        beans.registerSingleton("coordEarlyClient", known);
        beans.registerSingleton("coordImportedConfig", this);
        if (beans instanceof DefaultSingletonBeanRegistry registry) {
            registry.registerDisposableBean("coordEarlyClient", known::close);
        }
    }

    @Override
    public void close() {
        EarlyClient known = client;
        if (known != null) {
            known.close();
        }
    }
}
