package io.coord.spring.config;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A server with configuration, and applications that import it: each test below a root of its own. */
final class ConfigServer implements AutoCloseable {

    private final AtomicInteger roots = new AtomicInteger();
    final TestServer server = TestServer.inMemory();
    final CoordClient client = server.newClient();

    String newRoot() {
        return "/config" + roots.incrementAndGet();
    }

    void put(String path, String text) {
        put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    void put(String path, byte[] data) {
        client.create().orSetData().creatingParentsIfNeeded().forPath(path, data);
    }

    /** An application "orders" with nothing but Coord in it. */
    ConfigurableApplicationContext run(String root, String... arguments) {
        return run(root, new SpringApplicationBuilder(Orders.class), arguments);
    }

    ConfigurableApplicationContext run(String root, SpringApplicationBuilder application, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--coord.config.root=" + root);
        all.add("--spring.application.name=orders");
        if (all.stream().noneMatch(argument -> argument.startsWith("--coord.connect-string="))) {
            all.add("--coord.connect-string=" + server.connectString());
        }
        return start(application, all.toArray(String[]::new));
    }

    static ConfigurableApplicationContext start(SpringApplicationBuilder application, String... arguments) {
        return application
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .run(arguments);
    }

    @Override
    public void close() {
        server.close();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({CoordAutoConfiguration.class, CoordConfigAutoConfiguration.class})
    static class Orders {}
}
