package io.coord.spring.autoconfigure.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordConnectionDetails;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordServers;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.context.ImportTestcontainers;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** The tools' own way from an image to the connection details, with containers that nobody starts: no engine is needed here. */
class ContainersTest {

    private static EmbeddedServer server;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ServiceConnectionAutoConfiguration.class, CoordAutoConfiguration.class))
            .withPropertyValues("coord.startup=fail");

    @BeforeEach
    void startServer() {
        server = EmbeddedServer.builder().port(0).start();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void theClientUsesAContainerThatIsAServiceConnection() {
        runner.withUserConfiguration(OfficialImage.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(CoordServers.class).mode()).isEqualTo(CoordMode.EXTERNAL);
            assertThat(context.getBean(CoordServers.class).addresses()).isEqualTo(server.connectString());
            context.getBean(CoordClient.class).create().forPath("/works");
        });
    }

    @Test
    void anyImageCanBeCalledZookeeper() {
        runner.withUserConfiguration(NamedImage.class).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(CoordConnectionDetails.class);
            assertThat(context.getBean(CoordServers.class).addresses()).isEqualTo(server.connectString());
        });
    }

    @Test
    void nothingIsMissedWithoutTestcontainers() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CoordAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.testcontainers", "org.springframework.boot.docker"))
                .withPropertyValues("coord.connect-string=" + server.connectString())
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({"zookeeper:3.9", "bitnami/zookeeper:latest", "bitnamilegacy/zookeeper"})
    void composeServicesOfTheseImagesAreFound(String image) throws Exception {
        Map<Class<?>, ConnectionDetails> found = composeDetails(image);
        assertThat(found).containsOnlyKeys(CoordConnectionDetails.class);
        assertThat(((CoordConnectionDetails) found.get(CoordConnectionDetails.class)).getConnectString())
                .isEqualTo("docker.example:32768");
    }

    @Test
    void otherComposeServicesAreNot() throws Exception {
        assertThat(composeDetails("example/database:16")).isEmpty();
    }

    private static Map<Class<?>, ConnectionDetails> composeDetails(String image) throws Exception {
        // Its only constructor is the tool's own.
        Constructor<DockerComposeConnectionSource> constructor =
                DockerComposeConnectionSource.class.getDeclaredConstructor(RunningService.class, Environment.class);
        constructor.setAccessible(true);
        DockerComposeConnectionSource source =
                constructor.newInstance(new ComposeService(image), new MockEnvironment());
        return new ConnectionDetailsFactories(null).getConnectionDetails(source, false);
    }

    private record ComposeService(String imageName) implements RunningService {
        @Override
        public String name() {
            return "coordination";
        }

        @Override
        public ImageReference image() {
            return ImageReference.of(imageName);
        }

        @Override
        public String host() {
            return "docker.example";
        }

        @Override
        public ConnectionPorts ports() {
            return new ConnectionPorts() {
                @Override
                public int get(int containerPort) {
                    assertThat(containerPort).isEqualTo(2181);
                    return 32768;
                }

                @Override
                public List<Integer> getAll() {
                    return List.of(32768);
                }

                @Override
                public List<Integer> getAll(String protocol) {
                    return getAll();
                }
            };
        }

        @Override
        public Map<String, String> env() {
            return Map.of();
        }

        @Override
        public Map<String, String> labels() {
            return Map.of();
        }
    }

    /** A container that says that it runs, and where. */
    private static final class RunningContainer extends GenericContainer<RunningContainer> {

        private final String image;

        RunningContainer(String image) {
            super(DockerImageName.parse(image));
            this.image = image;
        }

        /** The one in the base class asks an engine. */
        @Override
        public String getDockerImageName() {
            return image;
        }

        @Override
        public void start() {
            // It runs: the server of the test stands for it.
        }

        @Override
        public void stop() {
            // The test stops the server.
        }

        @Override
        public String getHost() {
            return "127.0.0.1";
        }

        @Override
        public Integer getMappedPort(int port) {
            assertThat(port).isEqualTo(2181);
            return server.port();
        }
    }

    /** Containers that are fields are known by their image. */
    @Configuration(proxyBeanMethods = false)
    @ImportTestcontainers(OfficialImage.Containers.class)
    static class OfficialImage {

        interface Containers {
            @ServiceConnection
            RunningContainer zookeeper = new RunningContainer("zookeeper:3.9.5");
        }
    }

    /** Containers that are beans are not made yet when their image is asked for. */
    @Configuration(proxyBeanMethods = false)
    static class NamedImage {
        @Bean
        @ServiceConnection("zookeeper")
        RunningContainer own() {
            return new RunningContainer("example/own-build:1");
        }
    }
}
