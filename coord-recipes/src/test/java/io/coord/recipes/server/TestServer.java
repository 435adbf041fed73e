package io.coord.recipes.server;

/** A running server for tests, ours or a real ZooKeeper. Its sessions live from 0.4 to 30 seconds, as clients ask for. */
public interface TestServer extends AutoCloseable {
    int TICK_MS = 200;
    int MAX_SESSION_TIMEOUT_MS = 30_000;

    /** How often empty containers are looked for. */
    int CONTAINER_CHECK_MS = 300;

    /** On the loopback interface. */
    int port();

    default String connectString() {
        return "127.0.0.1:" + port();
    }

    @Override
    void close();
}
