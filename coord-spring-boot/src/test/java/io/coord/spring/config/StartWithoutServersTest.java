package io.coord.spring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.autoconfigure.FailureText;
import io.coord.testkit.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts with servers that do not answer, and starts that fail: what they say, use and leave behind. */
@ExtendWith(OutputCaptureExtension.class)
class StartWithoutServersTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static ConfigServer config;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        config = new ConfigServer();
    }

    @AfterAll
    static void stop() {
        config.close();
    }

    private static String[] unreachable(String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "--coord.connect-string=127.0.0.1:1";
        all[1] = "--coord.wait-timeout=100ms";
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    @Test
    void withoutServersTheStartFailsAndSaysWhatToDo() {
        Set<Thread> before = networkThreads();
        assertThat(FailureText.of(failure(unreachable("--spring.config.import=coord:"))))
                .contains(
                        "127.0.0.1:1",
                        "100 ms",
                        "coord.connect-string",
                        "optional:coord:",
                        "coord.config.last-known-good");
        await().atMost(SOON).until(() -> before.containsAll(networkThreads()));
    }

    @Test
    void anOptionalImportIsDoneWithoutUntilTheServersAreThere(CapturedOutput output) {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        try (FaultProxy proxy = config.server.newProxy()) {
            proxy.refuse();
            try (var context = config.run(
                    root,
                    "--coord.connect-string=" + proxy.connectString(),
                    "--coord.wait-timeout=100ms",
                    "--coord.config.refresh.debounce=20ms",
                    "--spring.config.import=optional:coord:")) {
                assertThat(context.getEnvironment().getProperty("a")).isNull();
                assertThat(output).contains("WARN", "goes on without the configuration of 'optional:coord:'");
                proxy.resume();
                await().atMost(SOON)
                        .until(() -> "1".equals(context.getEnvironment().getProperty("a")));
            }
        }
    }

    @Test
    void theLastKnownGoodFileStandsInForServers(CapturedOutput output) throws IOException {
        String root = config.newRoot();
        Path file = directory.resolve("kept").resolve("orders.json");
        config.put(root + "/application,prod/a", "shared");
        config.put(root + "/orders.yaml", "b: {c: 1}\npassword: hunter2");
        String[] arguments = {
            "--spring.config.import=coord:",
            "--spring.profiles.active=prod",
            "--coord.config.refresh.debounce=20ms",
            "--coord.config.last-known-good=" + file
        };
        try (var context = config.run(root, arguments)) {
            assertThat(file).exists();
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            config.put(root + "/orders/later", "2");
            await().atMost(SOON).until(() -> "2".equals(context.getEnvironment().getProperty("later")));
        }
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        try (var context = config.run(root, unreachable(arguments))) {
            var environment = context.getEnvironment();
            assertThat(environment.getProperty("a")).isEqualTo("shared");
            assertThat(environment.getProperty("b.c")).isEqualTo("1");
            assertThat(environment.getProperty("later")).isEqualTo("2");
        }
        assertThat(output)
                .containsPattern("WARN.*127.0.0.1:1.*read last, 0 min \\d+ s ago.*" + file)
                .doesNotContain("hunter2");
        assertThat(FailureText.of(failure(
                        root, unreachable("--spring.config.import=coord:", "--coord.config.last-known-good=" + file))))
                .contains(file.toString(), "does not know all of it");
        Files.writeString(file, "{ \"password\": hunter2");
        assertThat(FailureText.of(failure(root, unreachable(arguments))))
                .contains(file.toString(), "damaged")
                .doesNotContain("hunter2");
        assertThat(failure(root, arguments)).as("a damaged file is replaced").isNull();
        assertThat(failure(root, unreachable(arguments))).isNull();
    }

    @Test
    void aFileThatCannotBeWrittenIsAWarning(CapturedOutput output) throws IOException {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        Path blocked = Files.writeString(directory.resolve("file"), "no directory");
        assertThat(failure(
                        root,
                        "--spring.config.import=coord:",
                        "--coord.config.last-known-good=" + blocked.resolve("orders.json")))
                .isNull();
        assertThat(output).containsPattern("WARN.*could not be kept in .*orders.json");
    }

    @Test
    void aStartThatFailsLaterClosesTheConnection() {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        int sessions = config.server.server().status().sessions();
        assertThat(failure(root, "--spring.config.import=coord:,file:/missing/file.yaml"))
                .as("before there is a context")
                .hasMessageContaining("/missing/file.yaml");
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
        assertThat(catchThrowable(() -> config.run(
                        root,
                        new SpringApplicationBuilder(ConfigServer.Orders.class).initializers(context -> {
                            throw new IllegalStateException("initializer");
                        }),
                        "--spring.config.import=coord:")))
                .as("while the context is prepared")
                .hasMessage("initializer");
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
        assertThat(catchThrowable(() -> config.run(
                        root,
                        new SpringApplicationBuilder(ConfigServer.Orders.class, Failing.class),
                        "--spring.config.import=coord:")))
                .as("while the context is refreshed")
                .hasRootCauseMessage("bean fails");
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
        assertThat(catchThrowable(() ->
                        config.run(root, new SpringApplicationBuilder(Failing.class), "--spring.config.import=coord:")))
                .as("and nothing takes the client")
                .hasRootCauseMessage("bean fails");
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
    }

    @Test
    void aContextThatDoesNotUseTheClientClosesIt() {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        int sessions = config.server.server().status().sessions();
        try (var context =
                config.run(root, new SpringApplicationBuilder(Empty.class), "--spring.config.import=coord:")) {
            assertThat(context.getEnvironment().getProperty("a")).isEqualTo("1");
            assertThat(config.server.server().status().sessions()).isEqualTo(sessions + 1);
        }
        assertThat(config.server.server().status().sessions()).isEqualTo(sessions);
    }

    @Test
    void customizersThatComeTooLateAreNamedAndThoseInTimeAreCalled() {
        String root = config.newRoot();
        config.put(root + "/orders/a", "1");
        assertThat(FailureText.of(catchThrowable(() -> config.run(
                        root,
                        new SpringApplicationBuilder(ConfigServer.Orders.class, Late.class),
                        "--spring.config.import=coord:"))))
                .contains(Late.class.getName(), "addBootstrapRegistryInitializer");
        CoordClientCustomizer inTime = builder -> builder.namespace("other");
        try (var context = config.run(
                root,
                new SpringApplicationBuilder(ConfigServer.Orders.class)
                        .addBootstrapRegistryInitializer(registry ->
                                registry.register(CoordClientCustomizer.class, InstanceSupplier.of(inTime))),
                "--spring.config.import=optional:coord:")) {
            assertThat(context.getBean(CoordClient.class).namespace()).isEqualTo("other");
        }
    }

    @Test
    void anSslBundleThatIsNoneYetIsNamed() {
        assertThat(FailureText.of(
                        failure("/x", unreachable("--spring.config.import=coord:", "--coord.ssl.bundle=of-a-bean"))))
                .contains("coord.ssl.bundle", "of-a-bean", "beans that register bundles come later");
    }

    private static Throwable failure(String[] arguments) {
        return failure("/x", arguments);
    }

    private static Throwable failure(String root, String... arguments) {
        return catchThrowable(() -> config.run(root, arguments).close());
    }

    private static Set<Thread> networkThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("coord-client-io"))
                .collect(Collectors.toSet());
    }

    @Configuration(proxyBeanMethods = false)
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    static class Failing {

        @Bean
        InitializingBean fails() {
            return () -> {
                throw new IllegalStateException("bean fails");
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Late {

        @Bean
        CoordClientCustomizer late() {
            return builder -> builder.namespace("late");
        }
    }
}
