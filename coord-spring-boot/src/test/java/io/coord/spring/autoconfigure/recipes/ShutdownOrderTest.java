package io.coord.spring.autoconfigure.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.server.EmbeddedServer;
import io.coord.spring.leader.LeaderElections;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A web application from its start to its end, with a request that takes longer than the decision to stop. */
class ShutdownOrderTest {

    @Test
    void registersOnceItListensAndDeregistersBeforeItDrains() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                CoordClient observer = CoordClient.builder()
                        .connectString(server.connectString())
                        .build()
                        .start()) {
            ConfigurableApplicationContext application = SpringApplication.run(
                    WebApplication.class,
                    "--server.port=0",
                    "--server.address=127.0.0.1",
                    "--spring.application.name=shop",
                    "--spring.main.banner-mode=off",
                    "--spring.main.register-shutdown-hook=false",
                    "--coord.connect-string=" + server.connectString(),
                    "--coord.discovery.instance-id=shop-1",
                    "--coord.discovery.deregister-delay=3s");
            int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            SlowController controller = application.getBean(SlowController.class);
            await().until(() -> observer.checkExists().forPath("/services/shop/shop-1") != null);
            assertThat(observer.getData().forPath("/services/shop/shop-1"))
                    .asString()
                    .contains("\"port\":" + port);
            assertThat(application.getBean(LeaderLatch.class).await(Duration.ofSeconds(10)))
                    .isTrue();

            CompletableFuture<HttpResponse<String>> slow = get(port, "/slow");
            assertThat(controller.inside.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(application::close);

            await().until(() -> observer.checkExists().forPath("/services/shop/shop-1") == null);
            assertThat(get(port, "/quick").get(20, TimeUnit.SECONDS).body())
                    .as("a caller that has not noticed yet")
                    .isEqualTo("quick");
            assertThat(closed).isNotDone();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> observer.getChildren()
                            .forPath("/coord/leaders/restock")
                            .isEmpty());
            assertThat(closed).as("the drain waits for the slow request").isNotDone();
            assertThat(application.getBean(CoordClient.class).checkExists().forPath("/services"))
                    .as("the client serves requests while they drain")
                    .isNotNull();

            controller.leave.countDown();
            assertThat(slow.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
            closed.get(30, TimeUnit.SECONDS);
        }
    }

    private static CompletableFuture<HttpResponse<String>> get(int port, String path) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(SlowController.class)
    static class WebApplication {
        @Bean
        LeaderLatch restock(LeaderElections elections) {
            return elections.latch("restock");
        }
    }

    @RestController
    static class SlowController {

        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);

        @GetMapping("/slow")
        String slow() throws InterruptedException {
            inside.countDown();
            leave.await();
            return "slow";
        }

        @GetMapping("/quick")
        String quick() {
            return "quick";
        }
    }
}
