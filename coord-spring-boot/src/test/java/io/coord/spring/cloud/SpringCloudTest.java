package io.coord.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.server.EmbeddedServer;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceStatus;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.cloud.zookeeper.discovery.ZookeeperDiscoveryClient;
import org.springframework.cloud.zookeeper.discovery.ZookeeperInstance;
import org.springframework.cloud.zookeeper.discovery.ZookeeperServiceInstance;
import org.springframework.cloud.zookeeper.serviceregistry.ServiceInstanceRegistration;
import org.springframework.cloud.zookeeper.serviceregistry.ZookeeperRegistration;
import org.springframework.cloud.zookeeper.serviceregistry.ZookeeperServiceRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import reactor.core.Disposable;

/**
 * A web application with Coord under Spring Cloud, {@code shop}, and one with Spring Cloud Zookeeper as it is, {@code legacy}, on the same
 * server.
 */
@Timeout(120)
class SpringCloudTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static EmbeddedServer server;
    private static CoordClient client;
    private static ConfigurableApplicationContext shop;
    private static ConfigurableApplicationContext legacy;

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @BeforeAll
    static void startApplications() {
        server = EmbeddedServer.builder().port(0).start();
        client = CoordClient.builder()
                .connectString(server.connectString())
                .build()
                .start();
        shop = run(
                ShopApplication.class,
                "--spring.application.name=shop",
                "--coord.connect-string=" + server.connectString(),
                "--coord.discovery.instance-id=shop-1",
                "--coord.discovery.host=127.0.0.1",
                "--coord.discovery.metadata.zone=north",
                "--coord.discovery.deregister-delay=0",
                "--management.endpoints.web.exposure.include=health,serviceregistry",
                "--management.endpoint.health.show-details=always",
                "--spring.cloud.loadbalancer.zone=north",
                "--spring.cloud.loadbalancer.clients.zoned.configurations=zone-preference",
                "--spring.cloud.discovery.client.simple.instances.elsewhere[0].uri=http://127.0.0.9:7");
        legacy = run(
                LegacyApplication.class,
                "--spring.application.name=legacy",
                "--coord.enabled=false",
                "--spring.cloud.zookeeper.enabled=true",
                "--spring.cloud.zookeeper.connect-string=" + server.connectString(),
                "--spring.cloud.zookeeper.discovery.instance-host=127.0.0.1",
                "--spring.cloud.zookeeper.discovery.instance-id=legacy-1",
                "--spring.cloud.zookeeper.discovery.metadata.zone=south",
                "--spring.cloud.loadbalancer.cache.enabled=false");
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.addAll(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--spring.main.register-shutdown-hook=false"));
        return SpringApplication.run(application, arguments.toArray(String[]::new));
    }

    @AfterAll
    static void closeApplications() {
        legacy.close();
        shop.close();
        client.close();
        server.close();
    }

    @AfterEach
    void takeRegistrationsBack() {
        registrations.forEach(
                each -> each.unregisterAsync().toCompletableFuture().join());
    }

    // Both ways with Spring Cloud Zookeeper.

    @Test
    void findsAServiceThatSpringCloudZookeeperHasRegistered() {
        ServiceInstance asItSeesItself = only(legacy.getBean(ZookeeperDiscoveryClient.class), "legacy");
        ServiceInstance found = only(shop.getBean(CoordDiscoveryClient.class), "legacy");
        assertAlike(found, asItSeesItself);
        assertThat(found.getInstanceId()).isEqualTo("legacy-1");
        assertThat(found.getUri()).hasToString("http://127.0.0.1:" + portOf(legacy));
        assertThat(found.getMetadata()).isEqualTo(Map.of("zone", "south", "instance_status", "UP"));
        assertThat(shop.getBean(ReactiveDiscoveryClient.class)
                        .getInstances("legacy")
                        .collectList()
                        .block(DEADLINE))
                .containsExactly(found);
    }

    @Test
    void isFoundBySpringCloudZookeeper() {
        ServiceInstance asItSeesItself = only(shop.getBean(CoordDiscoveryClient.class), "shop");
        ServiceInstance found = only(legacy.getBean(ZookeeperDiscoveryClient.class), "shop");
        assertAlike(found, asItSeesItself);
        assertThat(found.getInstanceId()).isEqualTo("shop-1");
        assertThat(found.getUri()).hasToString("http://127.0.0.1:" + portOf(shop));
        assertThat(found.getMetadata()).containsEntry("zone", "north");
        assertThat(((ZookeeperServiceInstance) found)
                        .getServiceInstance()
                        .getPayload()
                        .getName())
                .isEqualTo("shop");
    }

    @Test
    void bothNameTheSameServices() {
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(Set.copyOf(
                                shop.getBean(CoordDiscoveryClient.class).getServices()))
                        .contains("shop", "legacy")
                        .isEqualTo(Set.copyOf(new TreeSet<>(withInstances(legacy)))));
    }

    /** It names a service whose last instance is gone until its container is. */
    private static List<String> withInstances(ConfigurableApplicationContext application) {
        DiscoveryClient discovery = application.getBean(ZookeeperDiscoveryClient.class);
        return discovery.getServices().stream()
                .filter(name -> !discovery.getInstances(name).isEmpty())
                .toList();
    }

    @Test
    void anInstanceWithAnSslPortIsTheSameToBoth() {
        register("secure", "a", instance -> instance.port(8080).sslPort(8443));
        ZookeeperDiscoveryClient theirs = legacy.getBean(ZookeeperDiscoveryClient.class);
        await().atMost(DEADLINE).until(() -> theirs.getInstances("secure").size() == 1);
        ServiceInstance found = only(shop.getBean(CoordDiscoveryClient.class), "secure");
        assertAlike(found, only(theirs, "secure"));
        assertThat(found.isSecure()).isTrue();
        assertThat(found.getPort()).isEqualTo(8443);
        assertThat(found.getUri()).hasToString("https://10.0.0.1:8443");
    }

    @Test
    void instancesComeAndGoWithTheRegistryOfSpringCloudZookeeper() throws Exception {
        ZookeeperServiceRegistry theirs = legacy.getBean(ZookeeperServiceRegistry.class);
        ZookeeperRegistration second = ServiceInstanceRegistration.builder()
                .name("till")
                .id("till-2")
                .address("10.0.0.2")
                .port(80)
                .defaultUriSpec()
                .build();
        DiscoveryClient ours = shop.getBean(DiscoveryClient.class);
        theirs.register(second);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(ids(ours.getInstances("till"))).containsExactly("till-2"));
        assertThat(ours.getInstances("till").get(0).getMetadata())
                .as("of a registration without payload")
                .isEmpty();
        theirs.deregister(second);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(ours.getInstances("till")).isEmpty());
    }

    @Test
    void loadBalancersOfBothLeaveOutWhoIsOutOfService() {
        LoadBalancerClient ours = shop.getBean(LoadBalancerClient.class);
        ZookeeperServiceRegistry theirs = legacy.getBean(ZookeeperServiceRegistry.class);
        ZookeeperRegistration self = legacy.getBean(ZookeeperRegistration.class);
        await().atMost(DEADLINE).until(() -> ours.choose("legacy") != null);
        theirs.setStatus(self, "OUT_OF_SERVICE");
        await().atMost(DEADLINE).until(() -> ours.choose("legacy") == null);
        assertThat(only(shop.getBean(CoordDiscoveryClient.class), "legacy").getMetadata())
                .containsEntry("instance_status", "OUT_OF_SERVICE");
        theirs.setStatus(self, "UP");
        await().atMost(DEADLINE).until(() -> ours.choose("legacy") != null);

        CoordServiceRegistry registry = shop.getBean(CoordServiceRegistry.class);
        CoordRegistration shopItself = shop.getBean(CoordRegistration.class);
        LoadBalancerClient theirBalancer = legacy.getBean(LoadBalancerClient.class);
        await().atMost(DEADLINE).until(() -> theirBalancer.choose("shop") != null);
        registry.setStatus(shopItself, InstanceStatus.OUT_OF_SERVICE);
        await().atMost(DEADLINE).until(() -> theirBalancer.choose("shop") == null);
        registry.setStatus(shopItself, InstanceStatus.UP);
        await().atMost(DEADLINE).until(() -> theirBalancer.choose("shop") != null);
    }

    @Test
    void anEntryOfMetadataWithoutAValueHidesNoInstance() {
        ZookeeperServiceRegistry theirs = legacy.getBean(ZookeeperServiceRegistry.class);
        Map<String, String> metadata = new HashMap<>(Map.of("zone", "west"));
        metadata.put("release", null);
        ZookeeperRegistration odd = ServiceInstanceRegistration.builder()
                .name("odd")
                .id("o")
                .address("10.0.0.2")
                .port(80)
                .uriSpec("no uri")
                .payload(new ZookeeperInstance("o", "odd", metadata))
                .build();
        theirs.register(odd);
        ServiceInstance found = only(shop.getBean(CoordDiscoveryClient.class), "odd");
        assertThat(found.getMetadata()).isEqualTo(Map.of("zone", "west"));
        assertThat(found.getUri()).as("instead of its template").hasToString("http://10.0.0.2:80");
        theirs.deregister(odd);
    }

    // The load balancer.

    @Test
    void anInstanceThatDeregistersIsNotChosenAnyMoreLongBeforeACacheWouldHaveForgottenIt() {
        ServiceRegistration<?> a = register("cart", "a", instance -> instance.port(1));
        register("cart", "b", instance -> instance.port(2));
        LoadBalancerClient balancer = shop.getBean(LoadBalancerClient.class);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(chosen(balancer, "cart")).containsExactly("a", "b"));
        a.unregisterAsync().toCompletableFuture().join();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(chosen(balancer, "cart")).containsExactly("b"));
    }

    @Test
    void whoStaysSubscribedIsGivenEachNewList() {
        ServiceInstanceListSupplier supplier =
                shop.getBean(LoadBalancerClientFactory.class).getInstance("pushed", ServiceInstanceListSupplier.class);
        List<List<String>> lists = new CopyOnWriteArrayList<>();
        Disposable subscription = supplier.get().subscribe(list -> lists.add(ids(list)));
        try {
            ServiceRegistration<?> a = register("pushed", "a", instance -> instance.port(1));
            await().atMost(DEADLINE).untilAsserted(() -> assertThat(lists).containsExactly(List.of(), List.of("a")));
            register("unrelated", "x", instance -> instance.port(1));
            register("pushed", "b", instance -> instance.port(2));
            a.unregisterAsync().toCompletableFuture().join();
            await().atMost(DEADLINE)
                    .untilAsserted(() -> assertThat(lists).last().isEqualTo(List.of("b")));
            assertThat(lists).doesNotHaveDuplicates();
        } finally {
            subscription.dispose();
        }
    }

    @Test
    void anInstanceThatCannotBeReachedIsLeftOutUntilItRegistersAnew() throws IOException {
        ServiceRegistration<?> broken = register("stock", "broken", instance -> instance.port(1));
        register("stock", "sound", instance -> instance.port(2));
        LoadBalancerClient balancer = shop.getBean(LoadBalancerClient.class);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(chosen(balancer, "stock")).containsExactly("broken", "sound"));
        for (int failed = 0; failed < 2; failed++) {
            assertThatThrownBy(() -> callUntil(balancer, "stock", "broken")).isInstanceOf(ConnectException.class);
        }
        assertThat(chosen(balancer, "stock")).containsExactly("sound");

        broken.unregisterAsync().toCompletableFuture().join();
        register("stock", "broken", instance -> instance.port(3).registrationTimeUtc(1));
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(chosen(balancer, "stock")).containsExactly("broken", "sound"));
    }

    @Test
    void whenAllAreDownAllAreTried() throws IOException {
        register("alone", "only", instance -> instance.port(1));
        LoadBalancerClient balancer = shop.getBean(LoadBalancerClient.class);
        await().atMost(DEADLINE).until(() -> balancer.choose("alone") != null);
        for (int failed = 0; failed < 3; failed++) {
            assertThatThrownBy(() -> callUntil(balancer, "alone", "only")).isInstanceOf(ConnectException.class);
        }
        assertThat(chosen(balancer, "alone")).containsExactly("only");
    }

    /** Calls until the instance with this id is chosen, which cannot be reached. */
    private static void callUntil(LoadBalancerClient balancer, String service, String id) throws IOException {
        for (int call = 0; call < 100; call++) {
            balancer.execute(service, instance -> {
                if (id.equals(instance.getInstanceId())) {
                    throw new ConnectException("refused");
                }
                return "served";
            });
        }
    }

    @Test
    void configurationsOfSpringCloudLoadBalancerWorkOnCoordsInstances() {
        register("zoned", "a", instance -> instance.port(1).payload(details("zoned", "a", Map.of("zone", "south"))));
        register("zoned", "b", instance -> instance.port(2).payload(details("zoned", "b", Map.of("zone", "north"))));
        LoadBalancerClient balancer = shop.getBean(LoadBalancerClient.class);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(chosen(balancer, "zoned")).containsExactly("b"));
    }

    @Test
    void aServiceThatCoordDoesNotKnowIsLookedForInOtherDiscoveryClients() {
        LoadBalancerClient balancer = shop.getBean(LoadBalancerClient.class);
        assertThat(balancer.choose("elsewhere").getUri()).hasToString("http://127.0.0.9:7");
        register("elsewhere", "here", instance -> instance.port(1));
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(chosen(balancer, "elsewhere")).containsExactly("here"));
    }

    // The registry.

    @Test
    void theEndpointOfTheRegistryShowsAndSetsTheStatusOfTheOneRegistration() throws Exception {
        assertThat(http("GET", "serviceregistry", null)).contains("UP");
        assertThat(client.getChildren().forPath("/services/shop")).containsExactly("shop-1");
        http("POST", "serviceregistry", "{\"status\":\"OUT_OF_SERVICE\"}");
        assertThat(http("GET", "serviceregistry", null)).contains("OUT_OF_SERVICE");
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(client.getData().forPath("/services/shop/shop-1"))
                        .asString()
                        .contains("\"instance_status\":\"OUT_OF_SERVICE\""));
        http("POST", "serviceregistry", "{\"status\":\"UP\"}");
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(client.getData().forPath("/services/shop/shop-1"))
                        .asString()
                        .contains("\"instance_status\":\"UP\""));
        assertThat(client.getChildren().forPath("/services/shop")).containsExactly("shop-1");
    }

    @Test
    void registeringAgainMakesNoSecondRegistrationAndDeregisteringTakesTheOneBack() {
        CoordServiceRegistry registry = shop.getBean(CoordServiceRegistry.class);
        CoordRegistration self = shop.getBean(CoordRegistration.class);
        assertThat(self.getServiceId()).isEqualTo("shop");
        assertThat(self.getPort()).isEqualTo(portOf(shop));
        registry.register(self);
        assertThat(client.getChildren().forPath("/services/shop")).containsExactly("shop-1");
        registry.deregister(self);
        assertThat(client.checkExists().forPath("/services/shop/shop-1")).isNull();
        registry.register(self);
        registry.deregister(self);
        registry.register(self);
        await().atMost(DEADLINE).until(() -> client.checkExists().forPath("/services/shop/shop-1") != null);
        await().atMost(DEADLINE)
                .until(() ->
                        shop.getBean(DiscoveryClient.class).getInstances("shop").size() == 1);
    }

    @Test
    void furtherInstancesCanBeRegistered() {
        CoordServiceRegistry registry = shop.getBean(CoordServiceRegistry.class);
        CoordRegistration grpc =
                CoordRegistration.of(io.coord.recipes.discovery.ServiceInstance.<InstanceDetails>builder("shop-grpc")
                        .id("g")
                        .address("10.0.0.1")
                        .port(9090)
                        .build());
        registry.register(grpc);
        DiscoveryClient ours = shop.getBean(DiscoveryClient.class);
        await().atMost(DEADLINE)
                .untilAsserted(
                        () -> assertThat(ids(ours.getInstances("shop-grpc"))).containsExactly("g"));
        registry.deregister(grpc);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(ours.getInstances("shop-grpc")).isEmpty());
    }

    @Test
    void eventsOfSpringCloudArePublished() {
        ShopApplication application = shop.getBean(ShopApplication.class);
        assertThat(application.events).startsWith("before shop/shop-1", "registered");
        assertThat(client.getData().forPath("/services/shop/shop-1"))
                .asString()
                .as("what a listener has added before the registration")
                .contains("\"release\":\"7\"");
        Set<Object> states = application.heartbeats;
        await().atMost(DEADLINE).until(() -> !states.isEmpty());
        int before = states.size();
        register("noticed", "a", instance -> instance.port(1));
        await().atMost(DEADLINE).until(() -> states.size() > before);
    }

    @Test
    void healthTellsOfBothDiscoveryClients() throws Exception {
        String health = http("GET", "health", null);
        assertThat(health)
                .contains(
                        "discoveryComposite",
                        "\"inSync\":true",
                        "\"instances\":",
                        "\"description\":\"Follows the servers\"",
                        "reactiveDiscoveryClients",
                        "Coord Reactive Discovery Client");
        assertThat(health).doesNotContain("DOWN", "UNKNOWN");
    }

    private ServiceRegistration<InstanceDetails> register(
            String service,
            String id,
            Consumer<io.coord.recipes.discovery.ServiceInstance.Builder<InstanceDetails>> settings) {
        io.coord.recipes.discovery.ServiceInstance.Builder<InstanceDetails> instance =
                io.coord.recipes.discovery.ServiceInstance.<InstanceDetails>builder(service)
                        .id(id)
                        .address("10.0.0.1")
                        .uriSpec(io.coord.recipes.discovery.UriSpec.parse(
                                "{scheme}://{address}:" + (service.equals("secure") ? "{ssl-port}" : "{port}")))
                        .payload(details(service, id, Map.of()));
        settings.accept(instance);
        ServiceRegistration<InstanceDetails> registration = new ServiceRegistration<>(
                client,
                "/services",
                instance.build(),
                InstanceSerializer.of(InstanceDetails.class)
                        .writingPayloadClassAs("org.springframework.cloud.zookeeper.discovery.ZookeeperInstance"));
        registrations.add(registration);
        registration.start();
        assertThat(registration.awaitRegistered(DEADLINE)).isTrue();
        return registration;
    }

    private static InstanceDetails details(String service, String id, Map<String, String> metadata) {
        return new InstanceDetails(id, service, metadata);
    }

    private static ServiceInstance only(DiscoveryClient discovery, String service) {
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(discovery.getInstances(service)).hasSize(1));
        return discovery.getInstances(service).get(0);
    }

    private static void assertAlike(ServiceInstance found, ServiceInstance expected) {
        assertThat(found.getInstanceId()).isEqualTo(expected.getInstanceId());
        assertThat(found.getServiceId()).isEqualTo(expected.getServiceId());
        assertThat(found.getHost()).isEqualTo(expected.getHost());
        assertThat(found.getPort()).isEqualTo(expected.getPort());
        assertThat(found.isSecure()).isEqualTo(expected.isSecure());
        assertThat(found.getUri()).isEqualTo(expected.getUri());
        assertThat(found.getMetadata()).isEqualTo(expected.getMetadata());
        assertThat(found.getScheme()).isEqualTo(expected.getScheme());
    }

    /** Ids of all that twenty choices name, sorted. */
    private static Set<String> chosen(LoadBalancerClient balancer, String service) {
        Set<String> ids = new TreeSet<>();
        for (int choice = 0; choice < 20; choice++) {
            ServiceInstance instance = balancer.choose(service);
            if (instance != null) {
                ids.add(String.valueOf(instance.getInstanceId()));
            }
        }
        return ids;
    }

    private static List<String> ids(List<ServiceInstance> instances) {
        return instances.stream().map(ServiceInstance::getInstanceId).toList();
    }

    private static int portOf(ConfigurableApplicationContext application) {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static String http(String method, String endpoint, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + portOf(shop) + "/actuator/" + endpoint))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response.body();
    }

    @Configuration
    @EnableAutoConfiguration
    static class ShopApplication {

        final List<String> events = new CopyOnWriteArrayList<>();
        final Set<Object> heartbeats = ConcurrentHashMap.newKeySet();

        @EventListener
        void beforeRegistration(InstancePreRegisteredEvent event) {
            events.add("before " + event.getRegistration().getServiceId() + "/"
                    + event.getRegistration().getInstanceId());
            event.getRegistration().getMetadata().put("release", "7");
        }

        @EventListener
        void afterRegistration(InstanceRegisteredEvent<?> event) {
            events.add("registered");
        }

        @EventListener
        void changed(HeartbeatEvent event) {
            heartbeats.add(event.getValue());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class LegacyApplication {}
}
