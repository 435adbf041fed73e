package io.coord.verification.bench;

import io.coord.verification.server.ServerUnderTest.Implementation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server as it is started in production: its own main class, its own jars, a {@code zoo.cfg}. */
final class StandaloneProcess implements AutoCloseable {
    private static final long LONGEST_START_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int PATIENCE_MS = 400;
    private static final int SESSION_MS = 30_000;
    private static final int PASSWORD_BYTES = 16;
    private static final int HELLO_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES + PASSWORD_BYTES + 1;
    private static final String ZOOKEEPER_MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

    private final Process process;
    private final int port;

    private StandaloneProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * What to start.
     *
     * @param jar of Coord's archive, or of ZooKeeper's jars one after the other
     */
    record Launch(Implementation implementation, String jar, List<String> jvmOptions) {
        Launch with(String option) {
            List<String> all = new ArrayList<>(jvmOptions);
            all.add(option);
            return new Launch(implementation, jar, all);
        }

        /** Begins to start; {@link #awaitServing} and the first create say when it has. */
        StandaloneProcess start(Path directory) throws IOException {
            int port = freePort();
            Path config = directory.resolve("zoo.cfg");
            Files.writeString(
                    config,
                    "dataDir=" + directory.resolve("data") + "\nclientPort=" + port + "\ntickTime=" + ServerPair.TICK_MS
                            + "\nadmin.enableServer=false\n");
            List<String> command = new ArrayList<>(Machine.serverPrefix());
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            switch (implementation) {
                case COORD -> command.addAll(List.of("-jar", jar, "run", config.toString()));
                case ZOOKEEPER ->
                    command.addAll(List.of(
                            "-Dzookeeper.jmx.log4j.disable=true", "-cp", jar, ZOOKEEPER_MAIN, config.toString()));
            }
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("server.log").toFile())
                    .start();
            return new StandaloneProcess(process, port);
        }
    }

    /** It is free until somebody else takes it, which the start would notice. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /**
     * Returns as soon as sessions are granted. Who comes before that may never hear anything, so it is tried again and again.
     *
     * @throws IOException when the process has ended, or nobody is served for a minute
     */
    void awaitServing() throws IOException {
        long start = System.nanoTime();
        while (!isServing()) {
            if (!process.isAlive() || System.nanoTime() - start > LONGEST_START_NANOS) {
                throw new IOException("the server does not start" + (process.isAlive() ? "" : ", it has ended"));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private boolean isServing() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MS);
            ByteBuffer hello = ByteBuffer.allocate(Integer.BYTES + HELLO_BYTES);
            // Version, zxid, time-out, session, password, whether a read-only server will do.
            hello.putInt(HELLO_BYTES)
                    .putInt(0)
                    .putLong(0)
                    .putInt(SESSION_MS)
                    .putLong(0)
                    .putInt(PASSWORD_BYTES);
            socket.getOutputStream().write(hello.array());
            return socket.getInputStream().readNBytes(Integer.BYTES).length == Integer.BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    /** Of all its threads since its start. */
    Duration cpu() throws IOException {
        return process.info().totalCpuDuration().orElseThrow(() -> new IOException("the system does not tell"));
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** In good order, as a class-data archive needs it. */
    void stop() {
        process.destroy();
        process.onExit().orTimeout(LONGEST_START_NANOS, TimeUnit.NANOSECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }
}
