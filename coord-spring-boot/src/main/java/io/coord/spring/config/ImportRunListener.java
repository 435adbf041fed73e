package io.coord.spring.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Closes the connection of a start that failed before there was a context to close it. One that is active closes what is its own in its own
 * order.
 */
final class ImportRunListener implements SpringApplicationRunListener {

    private @Nullable ConfigurableBootstrapContext bootstrap;

    ImportRunListener(SpringApplication application, String[] arguments) {}

    @Override
    public void starting(ConfigurableBootstrapContext context) {
        bootstrap = context;
    }

    @Override
    public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
        ConfigurableBootstrapContext registry = bootstrap;
        boolean closesItself = context != null && context.isActive();
        if (!closesItself && registry != null && registry.isRegistered(ImportedConfig.class)) {
            ImportedConfig.of(registry).close();
        }
    }
}
