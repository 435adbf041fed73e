package io.coord.verification.server;

/** A running server that tests connect to. Thread-safe. */
public interface ServerUnderTest extends AutoCloseable {
    /** Short, so that the shortest session time-out, two ticks, is one second. */
    int TICK_MS = 500;

    /** How often empty containers are looked for. */
    int CONTAINER_CHECK_MS = 300;

    Implementation implementation();

    /** On the loopback interface. */
    int port();

    default String connectString() {
        return "127.0.0.1:" + port();
    }

    @Override
    void close();

    /** Whose server it is; tests ask only where {@code docs/COMPATIBILITY.md} lists a deliberate difference. */
    enum Implementation {
        ZOOKEEPER,
        COORD
    }
}
