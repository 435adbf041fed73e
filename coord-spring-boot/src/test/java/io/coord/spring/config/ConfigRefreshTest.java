package io.coord.spring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.spring.guide.Pool;
import io.coord.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** What an application sees of changes while it runs. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigRefreshTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static ConfigServer config;

    private final List<Set<String>> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        config = new ConfigServer();
    }

    @AfterAll
    static void stop() {
        config.close();
    }

    private ConfigurableApplicationContext run(String root, String... arguments) {
        return run(root, Duration.ofMillis(50), arguments);
    }

    private ConfigurableApplicationContext run(String root, Duration debounce, String... arguments) {
        ApplicationListener<CoordConfigChangedEvent> listener = event -> told.add(event.changedKeys());
        String[] all = new String[arguments.length + 3];
        all[0] = "--spring.config.import=coord:";
        all[1] = "--coord.config.refresh.debounce=" + debounce.toMillis() + "ms";
        all[2] = "--coord.cache.resync-jitter=0s";
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return config.run(
                root, new SpringApplicationBuilder(ConfigServer.Orders.class, Pool.class).listeners(listener), all);
    }

    @Test
    void aBurstOfChangesIsOneEventAndShowsInTheEnvironment(CapturedOutput output) {
        String root = config.newRoot();
        config.put(root + "/application/shared", "1");
        config.put(root + "/application/hidden", "1");
        config.put(root + "/orders/hidden", "specific");
        config.put(root + "/orders/pool/size", "1");
        config.put(root + "/orders/pool/name", "a");
        config.put(root + "/orders/gone", "soon");
        try (var context = run(root, Duration.ofMillis(500))) {
            // Sent at once, so that nothing comes between them.
            List<CompletionStage<?>> burst = new ArrayList<>();
            for (int size = 2; size <= 20; size++) {
                burst.add(set(root + "/orders/pool/size", Integer.toString(size)));
            }
            burst.add(set(root + "/application/shared", "secret-value"));
            burst.add(set(root + "/application/hidden", "2"));
            burst.add(config.client.create().forPathAsync(root + "/orders.yaml", bytes("fresh: 1")));
            burst.add(config.client.delete().forPathAsync(root + "/orders/gone"));
            burst.forEach(each -> each.toCompletableFuture().join());
            await().atMost(SOON).until(() -> !told.isEmpty());
            var environment = context.getEnvironment();
            assertThat(environment.getProperty("pool.size", Integer.class)).isEqualTo(20);
            assertThat(environment.getProperty("shared")).isEqualTo("secret-value");
            assertThat(environment.getProperty("fresh")).isEqualTo("1");
            assertThat(environment.getProperty("gone")).isNull();
            await().atMost(SOON).until(() -> context.getBean(Pool.class).size() == 20);
            assertThat(told).containsExactly(Set.of("pool.size", "shared", "fresh", "gone"));
            assertThat(output).contains("pool.size").doesNotContain("secret-value");
            config.put(root + "/orders/pool/name", "b");
            await().atMost(SOON).until(() -> told.size() == 2);
            assertThat(told.get(1)).containsExactly("pool.name");
        }
    }

    private static CompletionStage<?> set(String path, String text) {
        return config.client.setData().forPathAsync(path, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aChangeThatIsNoConfigurationIsNotUsed(CapturedOutput output) {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        config.put(root + "/orders/b", "1");
        try (var context = run(root)) {
            config.put(root + "/orders/a", new byte[] {(byte) 0xff});
            config.put(root + "/orders/b", "2");
            await().atMost(SOON).until(() -> output.getOut().contains(root + "/orders/a"));
            assertThat(output).contains("'a'");
            assertThat(context.getEnvironment().getProperty("a")).isEqualTo("1");
            assertThat(context.getEnvironment().getProperty("b")).isEqualTo("1");
            config.put(root + "/orders/a", "3");
            await().atMost(SOON).until(() -> !told.isEmpty());
            assertThat(told).containsExactly(Set.of("a", "b"));
        }
    }

    @Test
    void whatChangedWithoutAConnectionIsToldAfterwards() {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        try (FaultProxy proxy = config.server.newProxy();
                var context = run(root, "--coord.connect-string=" + proxy.connectString())) {
            proxy.refuse();
            proxy.cut();
            config.put(root + "/orders/a", "2");
            proxy.resume();
            await().atMost(SOON).until(() -> !told.isEmpty());
            assertThat(context.getEnvironment().getProperty("a")).isEqualTo("2");
            assertThat(told).containsExactly(Set.of("a"));
        }
    }

    @Test
    void aListenerThatFailsDoesNotEndIt(CapturedOutput output) {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        ApplicationListener<CoordConfigChangedEvent> failing = event -> {
            throw new IllegalStateException("listener fails");
        };
        try (var context = run(root)) {
            context.addApplicationListener(failing);
            config.put(root + "/orders/a", "2");
            await().atMost(SOON).until(() -> output.getOut().contains("listener fails"));
            config.put(root + "/orders/a", "3");
            await().atMost(SOON).until(() -> "3".equals(context.getEnvironment().getProperty("a")));
        }
    }

    @Test
    void withoutRefreshNothingIsWatched() {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        int watches = config.server.server().status().watches();
        try (var context = run(root)) {
            await().atMost(SOON).until(() -> config.server.server().status().watches() > watches);
            assertThat(context.isActive()).isTrue();
        }
        await().atMost(SOON).until(() -> config.server.server().status().watches() == watches);
        try (var context = run(root, "--coord.config.refresh.enabled=false", "--coord.startup=fail")) {
            assertThat(context.isActive()).isTrue();
            assertThat(config.server.server().status().watches()).isEqualTo(watches);
        }
    }
}
