package io.coord.spring.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.spi.ValueCodec;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class NodeListenersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private EmbeddedServer server;
    private CoordClient other;
    private ApplicationContextRunner runner;

    @BeforeEach
    void startServer() {
        server = EmbeddedServer.builder().port(0).start();
        other = CoordClient.builder()
                .connectString(server.connectString())
                .build()
                .start();
        runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues(
                        "coord.connect-string=" + server.connectString(),
                        "coord.discovery.register=false",
                        "coord.cache.resync-jitter=0");
    }

    @AfterEach
    void closeServer() {
        other.close();
        server.close();
    }

    private void write(String path, String data) {
        other.create().orSetData().creatingParentsIfNeeded().forPath(path, data.getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitTold(List<String> told, String... expected) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(told).containsExactly(expected));
    }

    @Test
    void aMethodIsToldWhatANodeHoldsAndHoldsLater() {
        write("/shop/prices", "{\"tea\":3}");
        runner.withUserConfiguration(ShopConfiguration.class).run(context -> {
            List<String> told = context.getBean(Shop.class).prices;
            awaitTold(told, "Prices[tea=3]");
            write("/shop/prices", "{\"tea\":4,\"unknown\":1}");
            awaitTold(told, "Prices[tea=3]", "Prices[tea=4]");
            other.delete().forPath("/shop/prices");
            awaitTold(told, "Prices[tea=3]", "Prices[tea=4]", "null");
        });
    }

    @Test
    void changesTellPathKindAndBothValuesToTheDepthThatIsAskedFor() {
        write("/shop/orders/1", "a");
        runner.withUserConfiguration(ShopConfiguration.class).run(context -> {
            List<String> told = context.getBean(Shop.class).orders;
            await().atMost(DEADLINE)
                    .untilAsserted(() -> assertThat(told)
                            .containsExactlyInAnyOrder(
                                    "CREATED /shop/orders null null", "CREATED /shop/orders/1 a null"));
            told.clear();
            write("/shop/orders/2", "b");
            awaitTold(told, "CREATED /shop/orders/2 b null");
            write("/shop/orders/2/too/deep", "c");
            write("/shop/orders/2", "d");
            awaitTold(told, "CREATED /shop/orders/2 b null", "CHANGED /shop/orders/2 d b");
            told.clear();
            other.delete().forPath("/shop/orders/1");
            awaitTold(told, "DELETED /shop/orders/1 null a");
        });
    }

    @Test
    void onlyTheKindsThatAreAskedForAreTold() {
        runner.withUserConfiguration(ShopConfiguration.class).run(context -> {
            Shop shop = context.getBean(Shop.class);
            write("/shop/list", "[1,2]");
            awaitTold(shop.list, "[1, 2]");
            write("/shop/list", "[1,2,3]");
            awaitTold(shop.list, "[1, 2]", "[1, 2, 3]");
            other.delete().forPath("/shop/list");
            awaitTold(shop.gone, "/shop/list [1,2,3]");
            assertThat(shop.list).hasSize(2);
        });
    }

    @Test
    void aCodecOfTheApplicationComesBeforeJson() {
        write("/shop/limit", "12");
        runner.withUserConfiguration(ShopConfiguration.class, CodecConfiguration.class)
                .run(context -> awaitTold(context.getBean(Shop.class).limits, "Limit[value=12]"));
    }

    @Test
    void nothingIsToldBeforeTheContextIsReady() {
        write("/shop/prices", "{\"tea\":3}");
        runner.withUserConfiguration(ShopConfiguration.class, LateConfiguration.class)
                .run(context -> {
                    Shop shop = context.getBean(Shop.class);
                    awaitTold(shop.prices, "Prices[tea=3]");
                    assertThat(context.getBean(Late.class).toldTooEarly).isZero();
                    assertThat(shop.order).startsWith("started", "told");
                });
    }

    @Test
    void nothingIsToldWhileTheApplicationStopsAndARunningCallEndsFirst() {
        write("/shop/slow", "1");
        runner.withUserConfiguration(SlowConfiguration.class).run(context -> {
            Slow slow = context.getBean(Slow.class);
            assertThat(slow.begun.await(20, TimeUnit.SECONDS)).isTrue();
            Thread closing = new Thread(context::close);
            closing.start();
            await().atMost(DEADLINE).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
            write("/shop/slow", "2");
            slow.leave.countDown();
            closing.join();
            // The client is open while the method runs, and nothing is told after its last call.
            assertThat(slow.told).containsExactly("1 with 1");
        });
    }

    @Test
    void whatAMethodThrowsIsLoggedAndItIsToldOn(CapturedOutput output) {
        write("/shop/broken", "1");
        runner.withUserConfiguration(BrokenConfiguration.class).run(context -> {
            Broken broken = context.getBean(Broken.class);
            awaitTold(broken.told, "1");
            write("/shop/broken", "2");
            awaitTold(broken.told, "1", "2");
            assertThat(output).contains("Broken.tell(String) failed").contains("broken by 1");
        });
    }

    @Test
    void dataThatIsNoSuchValueIsLoggedAndNotTold(CapturedOutput output) {
        write("/shop/prices", "no json");
        runner.withUserConfiguration(ShopConfiguration.class).run(context -> {
            await().atMost(DEADLINE)
                    .until(() -> output.getOut()
                            .contains("is not told of /shop/prices, whose data is no " + Prices.class.getName()));
            write("/shop/prices", "{\"tea\":4}");
            awaitTold(context.getBean(Shop.class).prices, "Prices[tea=4]");
        });
    }

    @Test
    void aSlowMethodIsToldTheLatestStateAndNotEachInBetween() {
        write("/shop/slow", "1");
        runner.withUserConfiguration(SlowConfiguration.class).run(context -> {
            Slow slow = context.getBean(Slow.class);
            assertThat(slow.begun.await(20, TimeUnit.SECONDS)).isTrue();
            NodeCaches caches = context.getBean(NodeCaches.class);
            try (var cache = caches.node("/shop/slow").build()) {
                CountDownLatch seen = new CountDownLatch(1);
                cache.addListener((type, before, after) -> {
                    if (after != null && after.text().equals("500")) {
                        seen.countDown();
                    }
                });
                cache.start();
                for (int i = 2; i <= 500; i++) {
                    write("/shop/slow", Integer.toString(i));
                }
                assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
            }
            slow.leave.countDown();
            await().atMost(DEADLINE)
                    .until(() -> slow.told.get(slow.told.size() - 1).startsWith("500 "));
            // The server may tell this cache a little later than that one.
            assertThat(slow.told).hasSizeLessThan(20);
        });
    }

    @Test
    void aNodeThatWasMadeAgainIsToldAsDeletedAndCreatedEvenToASlowMethod() {
        write("/shop/again", "1");
        runner.withUserConfiguration(AgainConfiguration.class).run(context -> {
            Again again = context.getBean(Again.class);
            assertThat(again.begun.await(20, TimeUnit.SECONDS)).isTrue();
            try (var cache =
                    context.getBean(NodeCaches.class).node("/shop/again").build()) {
                cache.start();
                other.delete().forPath("/shop/again");
                write("/shop/again", "2");
                await().atMost(DEADLINE)
                        .until(() -> cache.get()
                                .filter(node -> node.text().equals("2"))
                                .isPresent());
            }
            again.leave.countDown();
            awaitTold(again.told, "CREATED 1 null", "DELETED null 1", "CREATED 2 null");
        });
    }

    @Test
    void whatChangedWithoutAConnectionIsToldAfterwards() {
        write("/shop/prices", "{\"tea\":3}");
        runner.withUserConfiguration(ShopConfiguration.class).run(context -> {
            List<String> told = context.getBean(Shop.class).prices;
            awaitTold(told, "Prices[tea=3]");
            server.expireSession(context.getBean(CoordClient.class).sessionId()).join();
            write("/shop/prices", "{\"tea\":5}");
            awaitTold(told, "Prices[tea=3]", "Prices[tea=5]");
        });
    }

    @Test
    void aListenerOfALazyBeanIsToldOfWhatIsThere() {
        write("/shop/prices", "{\"tea\":3}");
        runner.withUserConfiguration(ShopConfiguration.class).run(context -> {
            awaitTold(context.getBean(Shop.class).prices, "Prices[tea=3]");
            Shop late = new Shop();
            context.getAutowireCapableBeanFactory().initializeBean(late, "late");
            awaitTold(late.prices, "Prices[tea=3]");
        });
    }

    @Test
    void whatCannotWorkStopsTheStart() {
        refused(NoPath.class, "it names no path", "Name the node");
        refused(BadPath.class, "'shop' is no path", "begins with a slash");
        refused(MissingPlaceholder.class, "placeholder without a value", "Set the property");
        refused(TwoParameters.class, "it has 2 parameters", "NodeChange");
        refused(Primitive.class, "primitive type int", "the class for it");
        refused(ValueOfDeleted.class, "is told only when there is none", "previous value");
        refused(NegativeDepth.class, "its depth is -1", "ALL_LEVELS");
        refused(NoTypes.class, "never be called", "Leave types out");
        refused(Prototype.class, "'prototype' is no singleton", "Move it to a singleton");
        refused(Static.class, "it is static", "method of the bean");
    }

    private void refused(Class<?> configuration, String problem, String action) {
        runner.withUserConfiguration(configuration)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidNodeListenerException.class, failure -> {
                            assertThat(failure).hasMessageContaining(problem).hasMessageContaining("@NodeListener");
                            assertThat(failure.analysis().getAction()).contains(action);
                        }));
    }

    record Prices(int tea) {}

    record Limit(int value) {}

    @Configuration(proxyBeanMethods = false)
    static class ShopConfiguration {

        @Bean
        Shop shop() {
            return new Shop();
        }
    }

    static class Shop {

        final List<String> prices = new CopyOnWriteArrayList<>();
        final List<String> orders = new CopyOnWriteArrayList<>();
        final List<String> list = new CopyOnWriteArrayList<>();
        final List<String> gone = new CopyOnWriteArrayList<>();
        final List<String> limits = new CopyOnWriteArrayList<>();
        final List<String> order = new CopyOnWriteArrayList<>();

        @NodeListener("${shop.prices:/shop/prices}")
        void onPrices(@Nullable Prices now) {
            order.add("told");
            prices.add(String.valueOf(now));
        }

        @NodeListener(path = "/shop/orders", depth = 1)
        void onOrder(NodeChange<String> change) {
            orders.add(change.type() + " " + change.path() + " " + change.value() + " " + change.previous());
        }

        @NodeListener(
                path = "/shop/list",
                types = {NodeChange.Type.CREATED, NodeChange.Type.CHANGED})
        void onList(List<Integer> numbers) {
            assertThat(numbers.get(0)).isInstanceOf(Integer.class);
            list.add(numbers.toString());
        }

        @NodeListener(path = "/shop/list", types = NodeChange.Type.DELETED)
        void onGone(NodeChange<byte[]> change) {
            gone.add(change.path() + " " + new String(change.previous(), StandardCharsets.UTF_8));
        }

        @NodeListener(
                path = "/shop/limit",
                types = {NodeChange.Type.CREATED})
        void onLimit(Limit limit) {
            limits.add(limit.toString());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CodecConfiguration {

        @Bean
        ValueCodec<Limit> limits() {
            return new ValueCodec<>() {
                @Override
                public byte[] encode(Limit limit) {
                    return Integer.toString(limit.value()).getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public Limit decode(byte[] data) {
                    return new Limit(Integer.parseInt(new String(data, StandardCharsets.UTF_8)));
                }
            };
        }
    }

    /** Starts last of all, and looks whether something was told before. */
    @Configuration(proxyBeanMethods = false)
    static class LateConfiguration {

        @Bean
        Late late(Shop shop, CoordClient client) {
            return new Late(shop, client);
        }
    }

    static class Late implements SmartLifecycle {

        private final Shop shop;
        private final CoordClient client;
        private volatile boolean running;
        private int toldTooEarly;

        Late(Shop shop, CoordClient client) {
            this.shop = shop;
            this.client = client;
        }

        @Override
        public void start() {
            running = true;
            // Long enough for a cache that fills itself too early.
            for (int i = 0; i < 50; i++) {
                client.getData().forPath("/shop/prices");
            }
            toldTooEarly = shop.prices.size();
        }

        @Order(0)
        @EventListener
        void ready(ContextRefreshedEvent event) {
            shop.order.add("started");
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SlowConfiguration {

        @Bean
        Slow slow(CoordClient client) {
            return new Slow(client);
        }
    }

    static class Slow {

        final List<String> told = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);
        private final CoordClient client;

        Slow(CoordClient client) {
            this.client = client;
        }

        @NodeListener("/shop/slow")
        void tell(String text) throws InterruptedException {
            begun.countDown();
            leave.await();
            told.add(text + " with " + client.getChildren().forPath("/shop").size());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AgainConfiguration {

        @Bean
        Again again() {
            return new Again();
        }
    }

    static class Again {

        final List<String> told = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);

        @NodeListener("/shop/again")
        void tell(NodeChange<String> change) throws InterruptedException {
            begun.countDown();
            leave.await();
            told.add(change.type() + " " + change.value() + " " + change.previous());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BrokenConfiguration {

        @Bean
        Broken broken() {
            return new Broken();
        }
    }

    static class Broken {

        final List<String> told = new CopyOnWriteArrayList<>();

        @NodeListener("/shop/broken")
        void tell(String text) {
            told.add(text);
            throw new IllegalStateException("broken by " + text);
        }
    }

    static class NoPath {
        @NodeListener
        void tell() {}
    }

    static class BadPath {
        @NodeListener("shop")
        void tell() {}
    }

    static class MissingPlaceholder {
        @NodeListener("/${nowhere}")
        void tell() {}
    }

    static class TwoParameters {
        @NodeListener("/shop")
        void tell(String path, Map<String, String> value) {}
    }

    static class Primitive {
        @NodeListener("/shop")
        void tell(int value) {}
    }

    static class ValueOfDeleted {
        @NodeListener(path = "/shop", types = NodeChange.Type.DELETED)
        void tell(String value) {}
    }

    static class NegativeDepth {
        @NodeListener(path = "/shop", depth = -1)
        void tell() {}
    }

    static class NoTypes {
        @NodeListener(
                path = "/shop",
                types = {})
        void tell() {}
    }

    static class Static {
        @NodeListener("/shop")
        static void tell() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Prototype {

        @Bean
        @Scope("prototype")
        Broken prototype() {
            return new Broken();
        }

        @Bean
        Object user(Broken broken) {
            return broken.told;
        }
    }
}
