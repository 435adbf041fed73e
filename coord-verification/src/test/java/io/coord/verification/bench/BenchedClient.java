package io.coord.verification.bench;

import io.coord.client.CoordClient;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.jspecify.annotations.Nullable;

/** A client that is measured: what it does for one operation, waiting or not. */
interface BenchedClient extends AutoCloseable {
    int SESSION_MS = 30_000;

    void create(String path, byte[] data) throws Exception;

    void get(String path) throws Exception;

    void set(String path, byte[] data) throws Exception;

    /** Calls back with the failure, or with null, on a thread of the client. */
    void getAsync(String path, Consumer<@Nullable Object> done) throws Exception;

    void setAsync(String path, byte[] data, Consumer<@Nullable Object> done) throws Exception;

    @Override
    void close();

    /** Ours. */
    final class Coord implements BenchedClient {
        private final CoordClient client;

        Coord(String connectString) {
            client = CoordClient.builder()
                    .connectString(connectString)
                    .sessionTimeout(Duration.ofMillis(SESSION_MS))
                    .build()
                    .start();
        }

        @Override
        public void create(String path, byte[] data) {
            client.create().forPath(path, data);
        }

        @Override
        public void get(String path) {
            client.getData().forPath(path);
        }

        @Override
        public void set(String path, byte[] data) {
            client.setData().forPath(path, data);
        }

        @Override
        public void getAsync(String path, Consumer<@Nullable Object> done) {
            client.getData().forPathAsync(path).whenComplete((data, failure) -> done.accept(failure));
        }

        @Override
        public void setAsync(String path, byte[] data, Consumer<@Nullable Object> done) {
            client.setData().forPathAsync(path, data).whenComplete((stat, failure) -> done.accept(failure));
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** Curator, as its users call it. */
    final class Curator implements BenchedClient {
        private final CuratorFramework client;

        Curator(String connectString) {
            client = CuratorFrameworkFactory.newClient(connectString, SESSION_MS, SESSION_MS, new RetryOneTime(100));
            client.start();
        }

        @Override
        public void create(String path, byte[] data) throws Exception {
            client.create().forPath(path, data);
        }

        @Override
        public void get(String path) throws Exception {
            client.getData().forPath(path);
        }

        @Override
        public void set(String path, byte[] data) throws Exception {
            client.setData().forPath(path, data);
        }

        @Override
        public void getAsync(String path, Consumer<@Nullable Object> done) throws Exception {
            client.getData()
                    .inBackground((framework, event) -> done.accept(failure(event.getResultCode())))
                    .forPath(path);
        }

        @Override
        public void setAsync(String path, byte[] data, Consumer<@Nullable Object> done) throws Exception {
            client.setData()
                    .inBackground((framework, event) -> done.accept(failure(event.getResultCode())))
                    .forPath(path, data);
        }

        private static @Nullable Object failure(int code) {
            return code == 0 ? null : code;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
