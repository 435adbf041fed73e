package io.coord.spring.autoconfigure;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/** One client of {@code coord.clients}: made when it is asked for, or when the context starts it, and closed with the context. */
final class NamedClient implements FactoryBean<CoordClient>, SmartLifecycle, DisposableBean {

    private static final Logger logger = LoggerFactory.getLogger(NamedClient.class);

    private final CoordClient client;
    private final CoordClientLifecycle lifecycle;

    NamedClient(String name, CoordProperties properties, ListableBeanFactory beans) {
        CoordProperties.Client settings =
                Objects.requireNonNull(properties.clients().get(name), name);
        String addresses = Objects.requireNonNull(settings.connectString(), "checked with the properties");
        String key = "coord.clients." + name;
        CoordServers servers = new CoordServers(CoordMode.EXTERNAL, addresses, key + ".connect-string is set");
        logger.info("Coord's client '{}' uses {}", name, servers.phrase());
        CoordClientBuilder builder = ClientSettings.builder(settings).connectString(addresses);
        ClientSettings.secure(builder, key, settings.ssl(), beans.getBeanProvider(SslBundles.class));
        BeanFactoryAnnotationUtils.qualifiedBeansOfType(beans, CoordClientCustomizer.class, name).values().stream()
                .sorted(AnnotationAwareOrderComparator.INSTANCE)
                .forEach(customizer -> customizer.customize(builder));
        this.client = builder.build();
        this.lifecycle =
                new CoordClientLifecycle(key, client, servers, settings.startup(), settings.waitTimeout(), false);
    }

    @Override
    public CoordClient getObject() {
        return client;
    }

    @Override
    public Class<?> getObjectType() {
        return CoordClient.class;
    }

    @Override
    public void start() {
        lifecycle.start();
    }

    @Override
    public void stop() {
        lifecycle.stop();
    }

    @Override
    public boolean isRunning() {
        return lifecycle.isRunning();
    }

    @Override
    public int getPhase() {
        return CoordClientLifecycle.PHASE;
    }

    /** Tests pause contexts that they keep; a paused client would be a closed one. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Also when the context never started. */
    @Override
    public void destroy() {
        client.close();
    }
}
