package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.embedded.CoordEmbeddedServerAutoConfiguration;
import io.coord.spring.autoconfigure.health.CoordHealthContributorAutoConfiguration;
import io.coord.spring.autoconfigure.metrics.CoordMetricsAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with its own server and clients of others besides. */
class NamedClientsTest {

    private EmbeddedServer elsewhere;
    private ApplicationContextRunner runner;

    @BeforeEach
    void startServer() {
        elsewhere = EmbeddedServer.builder().port(0).start();
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordEmbeddedServerAutoConfiguration.class,
                        CoordHealthContributorAutoConfiguration.class,
                        CoordMetricsAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class))
                .withPropertyValues(
                        "coord.discovery.deregister-delay=0",
                        "coord.clients.audit.connect-string=" + elsewhere.connectString(),
                        "coord.clients.audit.startup=fail",
                        "coord.clients.second-one.connect-string=" + elsewhere.connectString(),
                        "coord.clients.second-one.namespace=second");
    }

    @AfterEach
    void closeServer() {
        elsewhere.close();
    }

    @Test
    void eachIsInjectedByItsNameAndNoneWithoutAName() {
        CoordClient[] closed = new CoordClient[2];
        runner.withUserConfiguration(Injected.class).run(context -> {
            assertThat(context).hasNotFailed();
            Injected injected = context.getBean(Injected.class);
            assertThat(injected.plain).isSameAs(context.getBean("coordClient"));
            injected.audit.create().forPath("/written");
            injected.second.create().creatingParentsIfNeeded().forPath("/below");
            assertThat(injected.audit.checkExists().forPath("/second/below")).isNotNull();
            assertThat(injected.plain.checkExists().forPath("/written")).isNull();
            closed[0] = injected.audit;
            closed[1] = injected.second;
        });
        assertThat(closed).allSatisfy(client -> assertThat(client.state()).isEqualTo(SessionState.CLOSED));
        assertThat(elsewhere.status().sessions()).isZero();
    }

    @Test
    void customizersOfAClientHaveItsNameAsQualifier() {
        runner.withUserConfiguration(Customizers.class).run(context -> {
            assertThat(context.getBean("auditCoordClient", CoordClient.class).namespace())
                    .isEqualTo("customized");
            assertThat(context.getBean("second-oneCoordClient", CoordClient.class)
                            .namespace())
                    .isEqualTo("second");
            assertThat(context.getBean("coordClient", CoordClient.class).namespace())
                    .isEqualTo("plain");
        });
    }

    @Test
    void aWrongValueNamesItsKey() {
        runner.withPropertyValues("coord.clients.audit.session-timeout=0s").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure()))
                    .contains("coord.clients.audit.session-timeout", "between 1 ms");
        });
        runner.withPropertyValues("coord.clients.third.namespace=x").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure()))
                    .contains("coord.clients.third.connect-string", "must be set");
        });
        runner.withPropertyValues("coord.clients.audit.sesion-timeout=1s").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure())).contains("coord.clients.audit.sesion-timeout");
        });
    }

    @Test
    void startupIsThatOfEachClient() {
        runner.withPropertyValues(
                        "coord.clients.audit.connect-string=127.0.0.1:1", "coord.clients.audit.wait-timeout=50ms")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(FailureText.of(context.getStartupFailure()))
                            .contains("127.0.0.1:1", "coord.clients.audit.startup", "coord.clients.audit.wait-timeout");
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Injected {
        @Autowired
        CoordClient plain;

        @Autowired
        @Qualifier("audit")
        CoordClient audit;

        @Autowired
        @Qualifier("second-one")
        CoordClient second;
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        @Bean
        CoordClientCustomizer plain() {
            return builder -> builder.namespace("plain");
        }

        @Bean(defaultCandidate = false)
        @Qualifier("audit")
        CoordClientCustomizer ofAudit() {
            return builder -> builder.namespace("customized");
        }
    }
}
