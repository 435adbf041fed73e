package io.coord.verification.server;

/** A running server that tests connect to. Thread-safe. */
public interface ServerUnderTest extends AutoCloseable {
    /** Short, so that the shortest session time-out, two ticks, is one second. */
    int TICK_MS = 500;

    /** How often empty containers are looked for. */
    int CONTAINER_CHECK_MS = 300;

    /**
     * Who is above all ACLs on both servers, by the password {@code secret}. What ZooKeeper is told by the module's {@code
     * pom.xml}, as it is that quotas are enforced.
     */
    String SUPER_DIGEST = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

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
