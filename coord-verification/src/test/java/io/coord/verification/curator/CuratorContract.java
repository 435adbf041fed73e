package io.coord.verification.curator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.testkit.FaultProxy;
import io.coord.verification.server.ServerUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of Curator do with a server: its fluent API and its recipes. */
@Timeout(60)
abstract class CuratorContract {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SESSION_MS = 10_000;
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private ServerUnderTest server;
    private String namespace;
    private CuratorFramework curator;

    @BeforeEach
    void openClient(ServerUnderTest serverUnderTest) {
        server = serverUnderTest;
        namespace = "curator-" + NAMESPACES.incrementAndGet();
        curator = newClient(server.connectString());
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }

    @Test
    void createsReadsChangesAndDeletesFluently() throws Exception {
        Stat stat = new Stat();
        assertThat(curator.create()
                        .creatingParentsIfNeeded()
                        .withMode(CreateMode.PERSISTENT)
                        .forPath("/a/b/c", bytes("one")))
                .isEqualTo("/a/b/c");
        assertThat(curator.getData().storingStatIn(stat).forPath("/a/b/c")).isEqualTo(bytes("one"));
        assertThat(curator.setData()
                        .withVersion(stat.getVersion())
                        .forPath("/a/b/c", bytes("two"))
                        .getVersion())
                .isEqualTo(1);
        assertThat(curator.checkExists().forPath("/a/b/gone")).isNull();
        assertThat(curator.create().orSetData().forPath("/a/b/c", bytes("three")))
                .isEqualTo("/a/b/c");
        assertThat(curator.getChildren().forPath("/a/b")).containsExactly("c");
        curator.delete().guaranteed().deletingChildrenIfNeeded().forPath("/a");
        assertThat(curator.checkExists().forPath("/a")).isNull();
    }

    @Test
    void createsProtectedSequentialsAndContainers() throws Exception {
        String path = curator.create()
                .creatingParentContainersIfNeeded()
                .withProtection()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath("/queue/item-");
        assertThat(path).matches("/queue/_c_[0-9a-f-]{36}-item-0000000000");
        assertThat(curator.checkExists().forPath(path).getEphemeralOwner())
                .isEqualTo(curator.getZookeeperClient().getZooKeeper().getSessionId());
        curator.delete().forPath(path);
        await().atMost(SOON).until(() -> curator.checkExists().forPath("/queue") == null);
    }

    @Test
    void runsTransactions() throws Exception {
        curator.create().forPath("/t");
        List<CuratorTransactionResult> results = curator.transaction()
                .forOperations(
                        curator.transactionOp().create().forPath("/t/a", bytes("x")),
                        curator.transactionOp().setData().forPath("/t/a", bytes("y")),
                        curator.transactionOp().check().withVersion(1).forPath("/t/a"));
        assertThat(results).extracting(CuratorTransactionResult::getError).containsOnly(0);
        List<CuratorOp> failing = List.of(
                curator.transactionOp().delete().forPath("/t/a"),
                curator.transactionOp().delete().forPath("/t/gone"));
        Assertions.assertThatThrownBy(() -> curator.transaction().forOperations(failing))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThat(curator.getData().forPath("/t/a")).isEqualTo(bytes("y"));
    }

    @Test
    void runsInTheBackground() throws Exception {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 50; i++) {
            curator.create()
                    .inBackground((client, event) -> order.add(event.getPath()))
                    .forPath(String.format("/n%03d", i));
        }
        await().atMost(SOON).until(() -> order.size() == 50);
        assertThat(List.copyOf(order)).isSorted();
    }

    @Test
    void cacheFollowsATree() throws Exception {
        curator.create().creatingParentsIfNeeded().forPath("/tree/a", bytes("1"));
        CuratorCache cache = keep(CuratorCache.build(curator, "/tree"));
        Queue<String> events = new ConcurrentLinkedQueue<>();
        cache.listenable()
                .addListener(CuratorCacheListener.builder()
                        .forCreates(node -> events.add("created " + node.getPath()))
                        .forChanges((old, node) -> events.add("changed " + node.getPath() + " "
                                + new String(old.getData(), StandardCharsets.UTF_8) + ">"
                                + new String(node.getData(), StandardCharsets.UTF_8)))
                        .forDeletes(node -> events.add("deleted " + node.getPath()))
                        .afterInitialized()
                        .build());
        cache.start();
        await().atMost(SOON).until(() -> cache.get("/tree/a").isPresent());
        CuratorFramework writer = newClient(server.connectString());
        writer.setData().forPath("/tree/a", bytes("2"));
        writer.create().forPath("/tree/a/b", bytes("x"));
        await().atMost(SOON).until(() -> cache.get("/tree/a/b").isPresent());
        writer.delete().forPath("/tree/a/b");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events)
                        .containsExactly("changed /tree/a 1>2", "created /tree/a/b", "deleted /tree/a/b"));
    }

    @Test
    void cacheIsRightAgainAfterACut() throws Exception {
        FaultProxy proxy = keep(FaultProxy.to(server.port()));
        CuratorFramework behind = newClient(proxy.connectString());
        curator.create().creatingParentsIfNeeded().forPath("/tree/a", bytes("1"));
        curator.create().forPath("/tree/b", bytes("1"));
        CuratorCache cache = keep(CuratorCache.build(behind, "/tree"));
        cache.start();
        await().atMost(SOON).until(() -> cache.size() == 3);
        proxy.refuse();
        proxy.cut();
        curator.setData().forPath("/tree/a", bytes("2"));
        curator.delete().forPath("/tree/b");
        curator.create().forPath("/tree/c", bytes("1"));
        proxy.resume();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(cache.get("/tree/a"))
                    .hasValueSatisfying(node -> assertThat(node.getData()).isEqualTo(bytes("2")));
            assertThat(cache.get("/tree/b")).isEmpty();
            assertThat(cache.get("/tree/c")).isPresent();
        });
    }

    @Test
    void mutexHasOneHolderAtATime() throws Exception {
        contend(4, client -> {
            InterProcessMutex mutex = new InterProcessMutex(client, "/mutex");
            return new Exclusive(() -> mutex.acquire(20, TimeUnit.SECONDS), mutex::release, true);
        });
    }

    @Test
    void mutexIsReentrant() throws Exception {
        InterProcessMutex mutex = new InterProcessMutex(curator, "/mutex");
        mutex.acquire();
        mutex.acquire();
        mutex.release();
        InterProcessMutex other = new InterProcessMutex(newClient(server.connectString()), "/mutex");
        assertThat(other.acquire(0, TimeUnit.MILLISECONDS)).isFalse();
        mutex.release();
        assertThat(other.acquire(20, TimeUnit.SECONDS)).isTrue();
        other.release();
    }

    @Test
    void mutexOfADeadClientIsFree() throws Exception {
        CuratorFramework dying = newClient(server.connectString());
        InterProcessMutex held = new InterProcessMutex(dying, "/mutex");
        held.acquire();
        InterProcessMutex next = new InterProcessMutex(curator, "/mutex");
        assertThat(next.acquire(100, TimeUnit.MILLISECONDS)).isFalse();
        dying.close();
        assertThat(next.acquire(20, TimeUnit.SECONDS)).isTrue();
        next.release();
    }

    @Test
    void writersExcludeEverybodyAndReadersShare() throws Exception {
        AtomicInteger clients = new AtomicInteger();
        contend(5, client -> {
            InterProcessReadWriteLock lock = new InterProcessReadWriteLock(client, "/rw");
            boolean writer = clients.getAndIncrement() % 2 == 0;
            InterProcessMutex own = writer ? lock.writeLock() : lock.readLock();
            return new Exclusive(() -> own.acquire(20, TimeUnit.SECONDS), own::release, writer);
        });
        InterProcessReadWriteLock.ReadLock one = new InterProcessReadWriteLock(curator, "/rw").readLock();
        InterProcessReadWriteLock.ReadLock two =
                new InterProcessReadWriteLock(newClient(server.connectString()), "/rw").readLock();
        one.acquire();
        assertThat(two.acquire(20, TimeUnit.SECONDS)).isTrue();
        one.release();
        two.release();
    }

    @Test
    void leadershipPassesOn() throws Exception {
        List<LeaderLatch> latches = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            LeaderLatch latch = keep(new LeaderLatch(newClient(server.connectString()), "/latch", "id-" + i));
            latch.start();
            latches.add(latch);
        }
        while (!latches.isEmpty()) {
            await().atMost(SOON)
                    .until(() ->
                            latches.stream().filter(LeaderLatch::hasLeadership).count() == 1);
            LeaderLatch leader = latches.stream()
                    .filter(LeaderLatch::hasLeadership)
                    .findFirst()
                    .orElseThrow();
            assertThat(latches.get(0).getLeader().getId()).isEqualTo(leader.getId());
            latches.remove(leader);
            leader.close(LeaderLatch.CloseMode.SILENT);
            resources.remove(leader);
        }
    }

    @Test
    void servicesFindEachOther() throws Exception {
        ServiceInstance<Void> shop = ServiceInstance.<Void>builder()
                .name("shop")
                .id("one")
                .address("127.0.0.1")
                .port(8080)
                .build();
        CuratorFramework provider = newClient(server.connectString());
        ServiceDiscovery<Void> registry = keep(ServiceDiscoveryBuilder.builder(Void.class)
                .client(provider)
                .basePath("/services")
                .thisInstance(shop)
                .build());
        ServiceDiscovery<Void> finder = keep(ServiceDiscoveryBuilder.builder(Void.class)
                .client(curator)
                .basePath("/services")
                .build());
        finder.start();
        ServiceCache<Void> cache =
                keep(finder.serviceCacheBuilder().name("shop").build());
        cache.start();
        registry.start();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(cache.getInstances())
                        .extracting(ServiceInstance::getId)
                        .containsExactly("one"));
        assertThat(finder.queryForInstances("shop"))
                .singleElement()
                .satisfies(found -> assertThat(found.getPort()).isEqualTo(8080));
        registry.unregisterService(shop);
        await().atMost(SOON).until(() -> cache.getInstances().isEmpty());
    }

    private void contend(int clients, NewExclusive contender) throws Exception {
        int rounds = 8;
        AtomicInteger writersIn = new AtomicInteger();
        AtomicInteger readersIn = new AtomicInteger();
        AtomicInteger granted = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Exclusive lock = contender.of(newClient(server.connectString()));
                AtomicInteger own = lock.writer() ? writersIn : readersIn;
                all.add(threads.submit(() -> {
                    for (int round = 0; round < rounds; round++) {
                        assertThat(lock.acquire().call()).isTrue();
                        int writers = lock.writer() ? own.incrementAndGet() : writersIn.get();
                        int readers = lock.writer() ? readersIn.get() : own.incrementAndGet();
                        assertThat(lock.writer() ? writers + readers : writers).isEqualTo(lock.writer() ? 1 : 0);
                        granted.incrementAndGet();
                        own.decrementAndGet();
                        lock.release().run();
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(granted).hasValue(clients * rounds);
    }

    private CuratorFramework newClient(String connectString) {
        CuratorFramework client = CuratorFrameworkFactory.builder()
                .connectString(connectString)
                .sessionTimeoutMs(SESSION_MS)
                .connectionTimeoutMs(SESSION_MS)
                .retryPolicy(new RetryNTimes(20, 200))
                .namespace(namespace)
                .build();
        client.start();
        return keep(client);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One contender's way in and out. */
    private record Exclusive(Acquire acquire, Release release, boolean writer) {}

    private interface Acquire {
        boolean call() throws Exception;
    }

    private interface Release {
        void run() throws Exception;
    }

    private interface NewExclusive {
        Exclusive of(CuratorFramework client);
    }
}
