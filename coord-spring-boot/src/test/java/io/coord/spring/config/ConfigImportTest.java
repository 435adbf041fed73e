package io.coord.spring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.protocol.data.Acl;
import io.coord.spring.autoconfigure.FailureText;
import io.coord.spring.autoconfigure.metrics.CoordMetricsAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/** What {@code spring.config.import=coord:} brings, from a server over a socket. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigImportTest {

    private static ConfigServer config;

    @BeforeAll
    static void start() {
        config = new ConfigServer();
    }

    @AfterAll
    static void stop() {
        config.close();
    }

    @Test
    void whatIsSpecificToProfileAndApplicationWins() {
        String root = config.newRoot();
        for (String name :
                new String[] {"application", "application,prod", "application,eu", "orders", "orders,prod", "orders,eu"
                }) {
            config.put(root + "/" + name + "/in/" + name.replace(',', '-'), "here");
            config.put(root + "/" + name + "/last", name);
        }
        config.put(root + "/application,prod/shared/wins", "profile");
        config.put(root + "/application/shared/wins", "default");
        config.put(root + "/application,prod/own", "shared");
        config.put(root + "/orders/own", "application's");
        config.put(root + "/orders,test/in/orders-test", "not active");
        config.put(root + "/payment/in/payment", "another application's");
        try (var context = config.run(root, "--spring.config.import=coord:", "--spring.profiles.active=prod,eu")) {
            Environment environment = context.getEnvironment();
            for (String name : new String[] {
                "application", "application-prod", "application-eu", "orders", "orders-prod", "orders-eu"
            }) {
                assertThat(environment.getProperty("in." + name)).as(name).isEqualTo("here");
            }
            assertThat(environment.getProperty("last")).isEqualTo("orders,eu");
            assertThat(environment.getProperty("shared.wins")).isEqualTo("profile");
            assertThat(environment.getProperty("own")).isEqualTo("application's");
            assertThat(environment.getProperty("in.orders-test")).isNull();
            assertThat(environment.getProperty("in.payment")).isNull();
            assertThat(context.getEnvironment().getPropertySources().stream()
                            .map(PropertySource::getName)
                            .filter(name -> name.startsWith("coord:")))
                    .containsExactly(
                            "coord:" + root + "/orders,eu",
                            "coord:" + root + "/orders,prod",
                            "coord:" + root + "/orders",
                            "coord:" + root + "/application,eu",
                            "coord:" + root + "/application,prod",
                            "coord:" + root + "/application");
        }
    }

    @Test
    void documentsAreToldByTheirEnding() {
        String root = config.newRoot();
        config.put(root + "/orders/source", "key");
        config.put(root + "/orders/key", "1");
        config.put(
                root + "/orders.yaml",
                "source: yaml\nlist: [a, b]\nport: 8080\n---\nspring.config.activate.on-profile: prod\nactive: yes, indeed\n---\nspring.config.activate.on-profile: '!prod'\ninactive: 1\n");
        config.put(root + "/orders.properties", "source=properties\nname=Größe\n");
        config.put(root + "/orders,prod.properties", "port=9090");
        try (var context = config.run(root, "--spring.config.import=coord:", "--spring.profiles.active=prod")) {
            Environment environment = context.getEnvironment();
            assertThat(environment.getProperty("key")).isEqualTo("1");
            assertThat(environment.getProperty("source")).isEqualTo("properties");
            assertThat(environment.getProperty("name")).isEqualTo("Größe");
            assertThat(environment.getProperty("list[1]")).isEqualTo("b");
            assertThat(environment.getProperty("active")).isEqualTo("yes, indeed");
            assertThat(environment.getProperty("inactive")).isNull();
            assertThat(environment.getProperty("port", Integer.class)).isEqualTo(9090);
        }
    }

    @Test
    void oneZnodeCanBeNamedWithItsFormat() {
        String root = config.newRoot();
        config.put(root + "/keys/a/b", "by key");
        config.put(root + "/document", "x:\n  y: yaml");
        config.put(root + "/document,prod", "x.y: for production");
        config.put(root + "/settings.properties", "p=1");
        config.put(root + "/settings,prod.properties", "p=2");
        try (var context = config.run(
                "/elsewhere",
                "--spring.config.import=coord:" + root + "/keys,coord:" + root + "/document?format=yaml,coord:" + root
                        + "/settings.properties",
                "--spring.profiles.active=prod")) {
            Environment environment = context.getEnvironment();
            assertThat(environment.getProperty("a.b")).isEqualTo("by key");
            assertThat(environment.getProperty("x.y")).isEqualTo("for production");
            assertThat(environment.getProperty("p")).isEqualTo("2");
        }
    }

    @Test
    void theFormatOfAllCanBeSet() {
        String root = config.newRoot();
        config.put(root + "/orders", "x=1");
        try (var context = config.run(root, "--spring.config.import=coord:", "--coord.config.format=properties")) {
            assertThat(context.getEnvironment().getProperty("x")).isEqualTo("1");
        }
    }

    @Test
    void valuesSayWhereTheyComeFrom() {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        config.put(root + "/orders.yaml", "b: 1");
        try (var context = config.run(root, "--spring.config.import=coord:")) {
            PropertySource<?> source =
                    context.getEnvironment().getPropertySources().get("coord:" + root + "/orders");
            assertThat(OriginLookup.getOrigin(source, "a")).hasToString("znode " + root + "/orders/a");
            assertThat(OriginLookup.getOrigin(source, "b"))
                    .asString()
                    .contains("znode " + root + "/orders.yaml", "1:4");
        }
    }

    @Test
    void theContextUsesTheSessionOfTheImport(CapturedOutput output) {
        String root = config.newRoot();
        config.put(root + "/orders/coord/session-timeout", "7s");
        long before = config.server.server().status().lastZxid();
        int sessions = config.server.server().status().sessions();
        try (var context = config.run(
                root,
                new SpringApplicationBuilder(ConfigServer.Orders.class, Measured.class),
                "--spring.config.import=coord:",
                "--coord.startup=fail")) {
            assertThat(context.getBean(CoordClient.class).checkExists().forPath(root))
                    .isNotNull();
            assertThat(config.server.server().status().sessions()).isEqualTo(sessions + 1);
            assertThat(config.server.server().status().lastZxid())
                    .as("each session that was ever made is a transaction")
                    .isEqualTo(before + 1);
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            await().untilAsserted(() -> assertThat(meters.find("coord.client.request")
                            .tags("op", "checkExists", "outcome", "success")
                            .timers())
                    .as("told a moment after the answer")
                    .isNotEmpty());
            assertThat(output).containsPattern("WARN.*\\[coord.session-timeout\\] came with imported configuration");
        }
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
    }

    @Test
    void bytesThatAreNoTextAreNamedAndNotShown() {
        String root = config.newRoot();
        config.put(root + "/orders/db/key", new byte[] {(byte) 0xff, (byte) 0xfe, 's'});
        assertThat(FailureText.of(failure(root, "--spring.config.import=optional:coord:")))
                .contains(root + "/orders/db/key", "'db.key'", "UTF-8");
        config.put(root + "/orders/db/key", new byte[] {0, 1, 's'});
        assertThat(FailureText.of(failure(root, "--spring.config.import=coord:")))
                .contains(root + "/orders/db/key", "'db.key'", "control characters");
    }

    @Test
    void documentsThatAreNoneAreNamedAndNotShown() {
        String root = config.newRoot();
        config.put(root + "/orders.yaml", "a: 1\n  password: hunter2: [");
        Throwable failure = failure(root, "--spring.config.import=coord:");
        assertThat(FailureText.of(failure))
                .contains(root + "/orders.yaml", "YAML", "line 2, column")
                .doesNotContain("hunter2");
        assertThat(failure).hasNoCause();
        config.put(root + "/orders.yaml", "just a sentence");
        assertThat(FailureText.of(failure(root, "--spring.config.import=coord:")))
                .contains(root + "/orders.yaml", "a single value")
                .doesNotContain("sentence");
    }

    @Test
    void znodesThatMayNotBeReadAreNamed() {
        String root = config.newRoot();
        try (CoordClient owner = config.server.newClient(
                client -> client.authorization("digest", "owner:secret".getBytes(StandardCharsets.UTF_8)))) {
            owner.create()
                    .creatingParentsIfNeeded()
                    .withACL(Acl.CREATOR_ALL)
                    .forPath(root + "/orders/hidden", new byte[] {'1'});
        }
        assertThat(FailureText.of(failure(root, "--spring.config.import=coord:")))
                .contains(root + "/orders/hidden", "coord.auth");
        try (var context = config.run(
                root,
                "--spring.config.import=coord:",
                "--coord.auth[0].username=owner",
                "--coord.auth[0].password=secret")) {
            assertThat(context.getEnvironment().getProperty("hidden")).isEqualTo("1");
        }
    }

    @Test
    void nothingThereStopsTheStartUnlessItIsOptional() {
        String root = config.newRoot();
        int sessions = config.server.server().status().sessions();
        assertThat(FailureText.of(failure(root, "--spring.config.import=coord:")))
                .contains(root + "/application", root + "/orders", "optional:coord:");
        assertThat(FailureText.of(failure(root, "--spring.config.import=coord:" + root + "/other")))
                .contains(root + "/other", "optional:coord:");
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
        try (var context = config.run(root, "--spring.config.import=optional:coord:")) {
            assertThat(context.isActive()).isTrue();
        }
    }

    @Test
    void locationsThatAreNoneAreExplained() {
        assertThat(FailureText.of(failure("/x", "--spring.config.import=coord:orders")))
                .contains("coord:orders", "coord:/shop/settings");
        assertThat(FailureText.of(failure("/x", "--spring.config.import=coord:/orders?format=xml")))
                .contains("[keys, properties, yaml]");
    }

    @Test
    void aServerInThisProcessCannotHoldConfiguration() {
        assertThat(FailureText.of(failure("/x", "--spring.config.import=coord:", "--coord.mode=embedded")))
                .contains("in this process", "coord.connect-string");
        try (var context = config.run("/x", "--spring.config.import=coord:", "--coord.config.enabled=false")) {
            assertThat(context.getBeanProvider(ImportedConfig.class).getIfAvailable())
                    .isNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(CoordMetricsAutoConfiguration.class)
    static class Measured {

        @Bean
        SimpleMeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    private static Throwable failure(String root, String... arguments) {
        return catchThrowable(() -> {
            try (ConfigurableApplicationContext context = config.run(root, arguments)) {
                assertThat(context.isActive()).as("must not start").isFalse();
            }
        });
    }
}
