package io.coord.spring.config;

import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.autoconfigure.EarlyClient;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.bootstrap.BootstrapContext;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.Profiles;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.util.StringUtils;

/**
 * Says what {@code coord:} stands for. All of it once profiles are known, so that what is specific to the application wins over what all
 * share, profiles or not.
 */
final class CoordConfigDataLocationResolver implements ConfigDataLocationResolver<CoordConfigDataResource> {

    private final Log log;

    CoordConfigDataLocationResolver(DeferredLogFactory logs) {
        this.log = logs.getLog(ImportedConfig.class);
    }

    @Override
    public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        return location.hasPrefix(ConfigLocation.PREFIX);
    }

    @Override
    public List<CoordConfigDataResource> resolve(
            ConfigDataLocationResolverContext context, ConfigDataLocation location) {
        return List.of();
    }

    @Override
    public List<CoordConfigDataResource> resolveProfileSpecific(
            ConfigDataLocationResolverContext context, ConfigDataLocation location, Profiles profiles) {
        ConfigLocation parsed = ConfigLocation.parse(location.getNonPrefixedValue(ConfigLocation.PREFIX));
        Binder binder = context.getBinder();
        // Judged before all other keys, as their conditions do.
        if (!isOn(binder, "coord.enabled") || !isOn(binder, "coord.config.enabled")) {
            return List.of(skipped(location, "'coord.enabled' or 'coord.config.enabled' is false"));
        }
        CoordProperties properties = binder.bindOrCreate("coord", CoordProperties.class);
        if (!EarlyClient.serversRunElsewhere(properties)) {
            if (location.isOptional()) {
                return List.of(skipped(location, "no servers elsewhere are configured ('coord.connect-string')"));
            }
            throw new FailureAnalyzedException(
                    "Configuration is to be imported from '" + location
                            + "', and no servers that run already are configured. A server in this process, and what beans or"
                            + " containers of a test say, come later than configuration.",
                    "Set 'coord.connect-string' to the servers' addresses in a file, an environment variable or an argument,"
                            + " with 'coord.mode' external or not set; or write 'optional:" + location + "'.");
        }
        ConfigurableBootstrapContext bootstrap = context.getBootstrapContext();
        if (!bootstrap.isRegistered(ImportedConfig.class)) {
            Supplier<EarlyClient> client = () -> EarlyClient.start(properties, binder, customizer(bootstrap));
            bootstrap.register(
                    ImportedConfig.class,
                    InstanceSupplier.of(new ImportedConfig(properties, client, Clock.systemUTC(), log)));
            bootstrap.addCloseListener(
                    event -> ImportedConfig.of(event.getBootstrapContext()).handOver(event.getApplicationContext()));
        }
        return List.of(new CoordConfigDataResource(
                location,
                parsed.sections(properties.config(), application(binder, properties), profiles.getAccepted()),
                profiles.getAccepted(),
                null));
    }

    private static CoordClientCustomizer customizer(BootstrapContext bootstrap) {
        CoordClientCustomizer registered = bootstrap.getOrElse(CoordClientCustomizer.class, null);
        return registered == null ? builder -> {} : registered;
    }

    private static CoordConfigDataResource skipped(ConfigDataLocation location, String reason) {
        return new CoordConfigDataResource(location, List.of(), List.of(), reason);
    }

    private static boolean isOn(Binder binder, String key) {
        return binder.bind(key, Boolean.class).orElse(true);
    }

    private static @Nullable String application(Binder binder, CoordProperties properties) {
        String name = properties.config().name();
        if (!StringUtils.hasText(name)) {
            name = binder.bind("spring.application.name", String.class).orElse(null);
        }
        if (!StringUtils.hasText(name)) {
            return null;
        }
        String problem = CoordProperties.problemOfPath("/" + name);
        if (problem != null) {
            throw new FailureAnalyzedException(
                    "The name '" + name + "' of this application cannot be a znode's below 'coord.config.root': "
                            + problem + ".",
                    "Set 'coord.config.name' to one that can.");
        }
        return name;
    }
}
