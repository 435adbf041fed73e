package io.coord.spring.test;

import io.coord.client.CoordClient;
import io.coord.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.FileSystemUtils;

/**
 * The server of one context, and what the context may use of it. It keeps its data in a directory, so that a restart forgets nothing.
 *
 * <p>Thread-safe: immutable but for what the server guards itself.
 */
final class TestServerHandle implements AutoCloseable {

    private static final AtomicInteger CONTEXTS = new AtomicInteger();

    private final TestServer server;
    private final String chroot;
    private final Runnable close;

    private TestServerHandle(TestServer server, String chroot, Runnable close) {
        this.server = server;
        this.chroot = chroot;
        this.close = close;
    }

    static TestServerHandle of(CoordTestServer which) {
        return switch (which) {
            case PER_CONTEXT -> {
                Path directory = directory();
                TestServer server = TestServer.on(directory);
                yield new TestServerHandle(server, "", () -> {
                    server.close();
                    delete(directory);
                });
            }
            case SHARED -> {
                String chroot = "/context-" + CONTEXTS.incrementAndGet();
                try (CoordClient client = CoordClient.builder()
                        .connectString(Shared.SERVER.connectString())
                        .build()
                        .start()) {
                    client.create().forPath(chroot);
                }
                yield new TestServerHandle(Shared.SERVER, chroot, () -> {});
            }
        };
    }

    TestServer server() {
        return server;
    }

    /** The end of connect strings that lead to this context's part of the tree; empty for the whole. */
    String chroot() {
        return chroot;
    }

    @Override
    public void close() {
        close.run();
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("coord-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Made when the first context asks for it. */
    private static final class Shared {

        static final TestServer SERVER = make();

        private static TestServer make() {
            Path directory = directory();
            TestServer server = TestServer.on(directory);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                server.close();
                                delete(directory);
                            },
                            "coord-test-server-end"));
            return server;
        }
    }
}
