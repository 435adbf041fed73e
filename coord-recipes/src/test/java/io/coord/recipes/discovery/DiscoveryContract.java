package io.coord.recipes.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.junit.jupiter.api.Test;

abstract class DiscoveryContract extends RecipeContract {
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);
    private static final InstanceSerializer<Payload> JSON = InstanceSerializer.of(Payload.class);

    /** Readable by both Jacksons. */
    public static final class Payload {
        public String zone = "eu";

        static Payload of(String zone) {
            Payload payload = new Payload();
            payload.zone = zone;
            return payload;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Payload that && zone.equals(that.zone);
        }

        @Override
        public int hashCode() {
            return zone.hashCode();
        }
    }

    private static ServiceInstance<Payload> shop(String id) {
        return ServiceInstance.<Payload>builder("shop")
                .id(id)
                .address("10.0.0.1")
                .port(8080)
                .payload(Payload.of("eu"))
                .build();
    }

    private ServiceRegistration<Payload> register(CoordClient client, String base, ServiceInstance<Payload> instance) {
        ServiceRegistration<Payload> registration =
                closing(new ServiceRegistration<>(client, base, instance, JSON)).start();
        assertThat(registration.awaitRegistered(SOON)).isTrue();
        return registration;
    }

    private ServiceDirectory<Payload> directory(CoordClient client, String base) {
        ServiceDirectory<Payload> directory = closing(ServiceDirectory.ofAll(client, base, JSON));
        directory.start();
        assertThat(directory.awaitInitialized(SOON)).isTrue();
        return directory;
    }

    private static List<String> log(ServiceDirectory<Payload> directory) {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        directory.addListener(new ServiceListener<>() {
            @Override
            public void onAdded(ServiceInstance<Payload> instance) {
                log.add("added " + instance.id());
            }

            @Override
            public void onRemoved(ServiceInstance<Payload> instance) {
                log.add("removed " + instance.id());
            }

            @Override
            public void onUpdated(ServiceInstance<Payload> before, ServiceInstance<Payload> after) {
                log.add("updated " + after.id() + " " + before.payload().zone + "->" + after.payload().zone);
            }

            @Override
            public void onResynced() {
                log.add("resynced");
            }
        });
        return log;
    }

    @Test
    void instancesComeChangeAndGo() {
        String base = place("services");
        ServiceDirectory<Payload> directory = directory(client(), base);
        List<String> log = log(directory);
        assertThat(directory.instances("shop")).isEmpty();
        ServiceRegistration<Payload> one = register(client(), base, shop("one"));
        ServiceRegistration<Payload> two = register(client(), base, shop("two"));
        soon().until(() -> directory.size() == 2);
        assertThat(directory.names()).containsExactly("shop");
        assertThat(directory.instances("shop")).containsExactly(one.instance(), two.instance());

        two.update(two.instance().toBuilder().payload(Payload.of("us")).build());
        soon().until(() ->
                directory.instance("shop", "two").orElseThrow().payload().zone.equals("us"));
        one.close();
        assertThat(one.state()).isEqualTo(ServiceRegistration.State.UNREGISTERED);
        one.close();
        get(one.unregisterAsync().toCompletableFuture());
        soon().until(() -> directory.size() == 1);

        soon().untilAsserted(() ->
                assertThat(log).containsExactly("added one", "added two", "updated two eu->us", "removed one"));
    }

    @Test
    void directoryOfOneServiceFollowsThatOneOnly() {
        String base = place("services");
        ServiceDirectory<Payload> directory = closing(ServiceDirectory.ofService(client(), base, "shop", JSON))
                .start();
        register(client(), base, shop("one"));
        register(
                client(), base, ServiceInstance.<Payload>builder("bank").id("b").build());

        soon().until(() -> directory.size() == 1);
        assertThat(directory.names()).containsExactly("shop");
    }

    @Test
    void brokenNodeDoesNotDisturbTheOthers() {
        String base = place("services");
        CoordClient client = client();
        register(client, base, shop("good"));
        client.create().forPath(base + "/shop/bad", "127.0.0.1".getBytes(StandardCharsets.UTF_8));
        client.create().forPath(base + "/shop/empty");
        client.create().forPath(base + "/shop/bad/deeper", "{}".getBytes(StandardCharsets.UTF_8));
        ServiceDirectory<Payload> directory = directory(client(), base);
        List<String> log = log(directory);
        assertThat(directory.instances("shop")).extracting(ServiceInstance::id).containsExactly("good");

        register(client, base, shop("later"));
        soon().until(() -> log.contains("added later"));
        client.setData().forPath(base + "/shop/bad", JSON.serialize(shop("bad")));
        soon().until(() -> log.contains("added bad"));
        client.setData().forPath(base + "/shop/bad", new byte[] {1});
        soon().until(() -> log.contains("removed bad"));
    }

    @Test
    void directoryKeepsWhatItKnewWhileTheServersAreAway() {
        String base = place("services");
        CoordClient client = client();
        ServiceRegistration<Payload> one = register(client, base, shop("one"));
        register(client, base, shop("two"));
        FaultProxy proxy = proxy();
        ServiceDirectory<Payload> directory = directory(client(proxy, LONG_SESSION), base);
        List<String> log = log(directory);
        unplug(proxy);
        soon().until(() -> !directory.isInSync());
        one.close();
        assertThat(directory.instances("shop")).hasSize(2);
        proxy.resume();
        soon().until(() -> log.contains("resynced"));

        assertThat(log).containsExactly("removed one", "resynced");
        soon().until(directory::isInSync);
    }

    @Test
    void registersAgainAfterALostSession() {
        String base = place("services");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        ServiceRegistration<Payload> registration = register(client, base, shop("one"));
        CoordClient looker = client();
        ServiceDirectory<Payload> directory = directory(looker, base);
        List<String> log = log(directory);
        unplug(proxy);
        soon().until(() -> log.contains("removed one"));
        soon().until(() -> registration.state() == ServiceRegistration.State.REGISTERING);
        proxy.resume();
        soon().until(() -> log.contains("added one"));

        soon().until(() -> registration.state() == ServiceRegistration.State.REGISTERED);
        assertThat(looker.checkExists().forPath(registration.path()).ephemeralOwner())
                .isEqualTo(client.sessionId());
    }

    @Test
    void registersAgainWhenSomebodyDeletesItsNode() {
        String base = place("services");
        CoordClient client = client();
        ServiceRegistration<Payload> registration = register(client, base, shop("one"));
        long first = client.checkExists().forPath(registration.path()).czxid();
        client.delete().forPath(registration.path());

        soon().until(() -> {
            Stat stat = client.checkExists().forPath(registration.path());
            return stat != null && stat.czxid() > first;
        });
        assertThat(registration.state()).isEqualTo(ServiceRegistration.State.REGISTERED);
    }

    @Test
    void takesOverWhatAnEarlierProcessLeftWithoutAGap() {
        String base = place("services");
        CoordClient dead = client();
        byte[] left = JSON.serialize(shop("one"));
        dead.create()
                .creatingParentContainersIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(base + "/shop/one", left);
        ServiceDirectory<Payload> directory = directory(client(), base);
        List<String> log = log(directory);
        CoordClient client = client();
        ServiceRegistration<Payload> registration = register(
                client, base, shop("one").toBuilder().payload(Payload.of("us")).build());
        soon().until(() -> log.contains("updated one eu->us"));

        assertThat(log).containsExactly("updated one eu->us");
        assertThat(client.checkExists().forPath(registration.path()).ephemeralOwner())
                .isEqualTo(client.sessionId());
        dead.close();
        client.sync().forPath(base);
        assertThat(client.checkExists().forPath(registration.path())).isNotNull();
    }

    @Test
    void isDisplacedByALaterProcessWithTheSameIdInsteadOfFightingIt() {
        String base = place("services");
        ServiceRegistration<Payload> first = register(client(), base, shop("one"));
        CoordClient client = client();
        ServiceRegistration<Payload> second = register(client, base, shop("one"));
        soon().until(() -> first.state() == ServiceRegistration.State.DISPLACED);
        first.close();

        assertThat(second.state()).isEqualTo(ServiceRegistration.State.REGISTERED);
        assertThat(client.checkExists().forPath(second.path()).ephemeralOwner()).isEqualTo(client.sessionId());
    }

    @Test
    void permanentInstanceStaysWhenItsRegistrationIsClosed() {
        String base = place("services");
        CoordClient client = client();
        ServiceInstance<Payload> permanent =
                shop("one").toBuilder().serviceType(ServiceType.PERMANENT).build();
        register(client, base, permanent).close();
        assertThat(client.checkExists().forPath(base + "/shop/one").ephemeralOwner())
                .isZero();

        ServiceRegistration<Payload> again = register(client, base, permanent);
        get(again.unregisterAsync().toCompletableFuture());
        assertThat(client.checkExists().forPath(base + "/shop/one")).isNull();
    }

    @Test
    void unregisteringWithoutAConnectionReturnsAtOnceAndHappensLater() {
        String base = place("services");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, LONG_SESSION);
        ServiceRegistration<Payload> registration = register(client, base, shop("one"));
        unplug(proxy);
        soon().until(() -> client.state() == SessionState.SUSPENDED);
        long start = System.nanoTime();
        registration.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        CoordClient looker = client();
        assertThat(looker.checkExists().forPath(registration.path())).isNotNull();
        proxy.resume();

        soon().until(() -> looker.checkExists().forPath(registration.path()) == null);
        soon().until(() -> registration.state() == ServiceRegistration.State.UNREGISTERED);
    }

    @Test
    void startsBeforeTheFirstConnectionAndUnregistersWithoutOne() {
        FaultProxy proxy = proxy();
        unplug(proxy);
        CoordClient client = client(proxy, LONG_SESSION);
        String base = place("services");
        ServiceRegistration<Payload> never = new ServiceRegistration<>(client, base, shop("never"), JSON).start();
        ServiceRegistration<Payload> later = closing(new ServiceRegistration<>(client, base, shop("later"), JSON))
                .start();
        get(never.unregisterAsync().toCompletableFuture());
        proxy.resume();

        assertThat(later.awaitRegistered(SOON)).isTrue();
        assertThat(client.getChildren().forPath(base + "/shop")).containsExactly("later");
    }

    @Test
    void refusesToRegisterASequentialInstance() {
        ServiceInstance<Payload> sequential = shop("one").toBuilder()
                .serviceType(ServiceType.DYNAMIC_SEQUENTIAL)
                .build();

        assertThatThrownBy(() -> new ServiceRegistration<>(client(), "/x", sequential, JSON))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void curatorFindsOurInstancesAndWeFindItsOwn() throws Exception {
        String base = place("services");
        CuratorFramework curator = curator();
        try (ServiceDiscovery<Payload> discovery = ServiceDiscoveryBuilder.builder(Payload.class)
                .client(curator)
                .basePath(base)
                .build()) {
            discovery.start();
            ServiceRegistration<Payload> ours = register(client(), base, shop("ours"));
            discovery.registerService(org.apache.curator.x.discovery.ServiceInstance.<Payload>builder()
                    .name("shop")
                    .id("theirs")
                    .address("10.0.0.2")
                    .port(9090)
                    .payload(Payload.of("us"))
                    .build());

            Collection<org.apache.curator.x.discovery.ServiceInstance<Payload>> seen =
                    discovery.queryForInstances("shop");
            assertThat(seen)
                    .extracting(org.apache.curator.x.discovery.ServiceInstance::getId)
                    .containsExactlyInAnyOrder("ours", "theirs");
            org.apache.curator.x.discovery.ServiceInstance<Payload> instance =
                    discovery.queryForInstance("shop", "ours");
            assertThat(instance.getPayload()).isEqualTo(Payload.of("eu"));
            assertThat(instance.getRegistrationTimeUTC())
                    .isEqualTo(ours.instance().registrationTimeUtc());

            ServiceDirectory<Payload> directory = directory(client(), base);
            ServiceInstance<Payload> theirs =
                    directory.instance("shop", "theirs").orElseThrow();
            assertThat(theirs.address()).isEqualTo("10.0.0.2");
            assertThat(theirs.port()).isEqualTo(9090);
            assertThat(theirs.payload()).isEqualTo(Payload.of("us"));
            byte[] written = curator.getData().forPath(base + "/shop/theirs");
            assertThat(JSON.serialize(theirs)).isEqualTo(written);
        }
    }

    @Test
    void aCuratorSuccessorWithTheSameIdIsNotWrittenOver() throws Exception {
        String base = place("services");
        FaultProxy proxy = proxy();
        ServiceRegistration<Payload> ours = register(client(proxy, LONG_SESSION), base, shop("one"));
        CuratorFramework curator = curator();
        try (ServiceDiscovery<Payload> discovery = ServiceDiscoveryBuilder.builder(Payload.class)
                .client(curator)
                .basePath(base)
                .build()) {
            discovery.start();
            // Ours would put its znode back between Curator's delete and its create.
            unplug(proxy);
            discovery.registerService(org.apache.curator.x.discovery.ServiceInstance.<Payload>builder()
                    .name("shop")
                    .id("one")
                    .address("10.0.0.9")
                    .payload(Payload.of("theirs"))
                    .build());
            ours.update(ours.instance().toBuilder().payload(Payload.of("ours")).build());
            proxy.resume();
            soon().until(() -> ours.state() == ServiceRegistration.State.DISPLACED);

            assertThat(JSON.deserialize(curator.getData().forPath(base + "/shop/one"))
                            .payload())
                    .isEqualTo(Payload.of("theirs"));
        }
    }

    @Test
    void providerLeavesOutWhatIsDownAndGoesOnWithoutServers() {
        String base = place("services");
        CoordClient client = client();
        register(client, base, shop("one"));
        register(client, base, shop("two"));
        ServiceRegistration<Payload> disabled = closing(new ServiceRegistration<>(
                        client, base, shop("off").toBuilder().enabled(false).build(), JSON.writingEnabled()))
                .start();
        assertThat(disabled.awaitRegistered(SOON)).isTrue();
        FaultProxy proxy = proxy();
        ServiceDirectory<Payload> directory = directory(client(proxy, LONG_SESSION), base);
        ServiceProvider<Payload> provider = ServiceProvider.builder(directory, "shop")
                .strategy(ProviderStrategy.roundRobin())
                .downAfter(2, Duration.ofHours(1))
                .build();
        assertThat(provider.instances()).extracting(ServiceInstance::id).containsExactly("one", "two");
        assertThat(ServiceProvider.builder(directory, "shop")
                        .filter(instance -> !instance.id().equals("one"))
                        .build()
                        .instances())
                .extracting(ServiceInstance::id)
                .containsExactly("two");
        unplug(proxy);
        soon().until(() -> !directory.isInSync());
        ServiceInstance<Payload> first = provider.instance().orElseThrow();
        assertThat(provider.instance().orElseThrow().id()).isNotEqualTo(first.id());
        provider.noteError(first);
        provider.noteError(first);

        for (int i = 0; i < 4; i++) {
            assertThat(provider.instance().orElseThrow().id()).isNotEqualTo(first.id());
        }
        assertThat(ServiceProvider.builder(directory, "missing").build().instance())
                .isEmpty();
    }
}
