package io.coord.spring.autoconfigure.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceProvider;
import io.coord.server.EmbeddedServer;
import io.coord.spring.discovery.InstanceDetails;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Instances of a service that stop one after another, under calls of clients that ask the directory whom to call. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RollingStopTest {
    private static final int INSTANCES = 3;
    private static final int CALLERS = 2;
    private static final int CALLS = 30;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Map<String, AtomicInteger> served = new ConcurrentHashMap<>();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @Test
    void noCallFailsWhileInstancesStopOneAfterAnother() throws Exception {
        Map<String, ConfigurableApplicationContext> applications = new HashMap<>();
        List<Thread> callers = new ArrayList<>();
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                CoordClient client = CoordClient.builder()
                        .connectString(server.connectString())
                        .build()
                        .start();
                ServiceDirectory<InstanceDetails> directory = ServiceDirectory.ofAll(
                                client, "/services", InstanceSerializer.of(InstanceDetails.class))
                        .start()) {
            try {
                stopOneAfterAnother(server, directory, applications, callers);
            } finally {
                over = true;
                for (Thread each : callers) {
                    each.join(DEADLINE.toMillis());
                }
                applications.values().forEach(ConfigurableApplicationContext::close);
            }
        }
    }

    private void stopOneAfterAnother(
            EmbeddedServer server,
            ServiceDirectory<InstanceDetails> directory,
            Map<String, ConfigurableApplicationContext> applications,
            List<Thread> callers) {
        for (int i = 1; i <= INSTANCES; i++) {
            applications.put("shop-" + i, run(server.connectString(), "shop-" + i));
        }
        await().atMost(DEADLINE).until(() -> directory.instances("shop").size() == INSTANCES);
        ServiceProvider<InstanceDetails> provider =
                ServiceProvider.builder(directory, "shop").build();
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(() -> callUntilOver(provider), "caller-" + i);
            callers.add(caller);
            caller.start();
        }

        List<String> left = new ArrayList<>(applications.keySet());
        while (left.size() > 1) {
            awaitCallsTo(left);
            applications.get(left.remove(0)).close();
        }
        awaitCallsTo(left);

        assertThat(failed).isEmpty();
    }

    /** Until each of them has served some more. */
    private void awaitCallsTo(List<String> instances) {
        Map<String, Integer> before = new HashMap<>();
        instances.forEach(each -> before.put(each, count(each)));
        await().atMost(DEADLINE)
                .until(() -> instances.stream().allMatch(each -> count(each) >= before.get(each) + CALLS));
    }

    private int count(String instance) {
        return served.computeIfAbsent(instance, each -> new AtomicInteger()).get();
    }

    private void callUntilOver(ServiceProvider<InstanceDetails> provider) {
        HttpClient http = HttpClient.newHttpClient();
        while (!over) {
            Optional<ServiceInstance<InstanceDetails>> chosen = provider.instance();
            if (chosen.isEmpty()) {
                failed.add("nobody to call");
                return;
            }
            call(http, chosen.get());
        }
    }

    private void call(HttpClient http, ServiceInstance<InstanceDetails> instance) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + instance.address() + ':' + instance.port() + "/work"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                served.computeIfAbsent(response.body(), each -> new AtomicInteger())
                        .incrementAndGet();
            } else {
                failed.add(instance.id() + " answered " + response.statusCode());
            }
        } catch (Exception e) {
            failed.add(instance.id() + ": " + e);
        }
    }

    private static ConfigurableApplicationContext run(String connectString, String id) {
        return SpringApplication.run(
                ShopApplication.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.application.name=shop",
                "--spring.main.banner-mode=off",
                "--spring.main.register-shutdown-hook=false",
                "--coord.connect-string=" + connectString,
                "--coord.discovery.instance-id=" + id,
                "--coord.discovery.host=127.0.0.1",
                "--coord.discovery.deregister-delay=1s");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(WorkController.class)
    static class ShopApplication {}

    @RestController
    static class WorkController {
        private final String id;

        WorkController(@Value("${coord.discovery.instance-id}") String id) {
            this.id = id;
        }

        @GetMapping("/work")
        String work() {
            return id;
        }
    }
}
