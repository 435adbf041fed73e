package io.coord.verification.bench;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.leader.LeaderLatchListener;
import io.coord.recipes.leader.Leadership;
import io.coord.recipes.lock.DistributedLock;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.Mutex;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.retry.RetryOneTime;
import org.jspecify.annotations.Nullable;

/** Recipes that are measured, on one client with a session of its own. */
interface BenchedRecipes extends AutoCloseable {
    /** A lock as one thread uses it. */
    Lock mutex(String path);

    Lock readLock(String path);

    Lock writeLock(String path);

    /** Contends for leadership until it is closed. */
    AutoCloseable latch(String path, Runnable becameLeader) throws Exception;

    /** @return what closes it */
    AutoCloseable cache(String path, Runnable initialized, Runnable changed);

    @Override
    void close();

    /** Who opens clients. */
    interface Opening {
        BenchedRecipes open(String connectString);
    }

    interface Lock {
        void acquire() throws Exception;

        void release() throws Exception;
    }

    /** Ours. */
    final class Coord implements BenchedRecipes {
        private final CoordClient client;

        Coord(String connectString) {
            client = CoordClient.builder()
                    .connectString(connectString)
                    .sessionTimeout(Duration.ofMillis(BenchedClient.SESSION_MS))
                    .build()
                    .start();
        }

        @Override
        public Lock mutex(String path) {
            return lock(new Mutex(client, path));
        }

        @Override
        public Lock readLock(String path) {
            return lock(new io.coord.recipes.lock.ReadWriteLock(client, path).readLock());
        }

        @Override
        public Lock writeLock(String path) {
            return lock(new io.coord.recipes.lock.ReadWriteLock(client, path).writeLock());
        }

        private static Lock lock(DistributedLock lock) {
            return new Lock() {
                private @Nullable Lease lease;

                @Override
                public void acquire() {
                    lease = lock.acquire();
                }

                @Override
                public void release() {
                    if (lease != null) {
                        lease.release();
                    }
                }
            };
        }

        @Override
        public AutoCloseable latch(String path, Runnable becameLeader) {
            io.coord.recipes.leader.LeaderLatch latch = new io.coord.recipes.leader.LeaderLatch(client, path);
            latch.addListener(new LeaderLatchListener() {
                @Override
                public void isLeader(Leadership leadership) {
                    becameLeader.run();
                }

                @Override
                public void notLeader(Leadership leadership) {
                    // Only the successor counts.
                }
            });
            return latch.start();
        }

        @Override
        public AutoCloseable cache(String path, Runnable initialized, Runnable changed) {
            CoordCache cache = CoordCache.builder(client, path).build();
            cache.addListener(new CacheListener() {
                @Override
                public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
                    if (type == Type.NODE_CHANGED) {
                        changed.run();
                    }
                }

                @Override
                public void onInitialized() {
                    initialized.run();
                }
            });
            return cache.start();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** Curator, as its users call it. */
    final class Curator implements BenchedRecipes {
        private final CuratorFramework client;

        Curator(String connectString) {
            client = CuratorFrameworkFactory.newClient(
                    connectString, BenchedClient.SESSION_MS, BenchedClient.SESSION_MS, new RetryOneTime(100));
            client.start();
        }

        @Override
        public Lock mutex(String path) {
            return lock(new InterProcessMutex(client, path));
        }

        @Override
        public Lock readLock(String path) {
            return lock(new InterProcessReadWriteLock(client, path).readLock());
        }

        @Override
        public Lock writeLock(String path) {
            return lock(new InterProcessReadWriteLock(client, path).writeLock());
        }

        private static Lock lock(InterProcessLock lock) {
            return new Lock() {
                @Override
                public void acquire() throws Exception {
                    lock.acquire();
                }

                @Override
                public void release() throws Exception {
                    lock.release();
                }
            };
        }

        @Override
        public AutoCloseable latch(String path, Runnable becameLeader) throws Exception {
            org.apache.curator.framework.recipes.leader.LeaderLatch latch =
                    new org.apache.curator.framework.recipes.leader.LeaderLatch(client, path);
            latch.addListener(new org.apache.curator.framework.recipes.leader.LeaderLatchListener() {
                @Override
                public void isLeader() {
                    becameLeader.run();
                }

                @Override
                public void notLeader() {
                    // Only the successor counts.
                }
            });
            latch.start();
            return latch;
        }

        @Override
        public AutoCloseable cache(String path, Runnable initialized, Runnable changed) {
            CuratorCache cache = CuratorCache.build(client, path);
            cache.listenable()
                    .addListener(CuratorCacheListener.builder()
                            .forChanges((before, after) -> changed.run())
                            .forInitialized(initialized)
                            .build());
            cache.start();
            return cache;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
