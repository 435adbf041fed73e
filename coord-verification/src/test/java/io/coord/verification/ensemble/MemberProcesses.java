package io.coord.verification.ensemble;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.ZooKeeper;

/** Members in processes of their own, started from files like the tutorial's: ours, or ZooKeeper's on the same files. */
public final class MemberProcesses {
    public static final Duration DEADLINE = Duration.ofSeconds(90);

    private static final int PORTS_OF_MEMBER = 3;
    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 32_000;
    private static final int SMALL_SNAP_COUNT = 1_000;
    private static final int SESSION_TIMEOUT_MS = 30_000;

    /** Through which port a member reaches another one; whatever stands there has to go on to the other's own. */
    @FunctionalInterface
    public interface PeerPorts {
        /** @param which 1 for the port of the log, 2 for the other one */
        int between(int from, int to, int which, int own);
    }

    private final Path directory;
    private final int size;
    private final Class<?> main;
    private final int snapCount;
    private final String classPath;
    private final List<Integer> ports;
    private final Map<Integer, Process> running = new TreeMap<>();
    private final List<ZooKeeper> clients = new ArrayList<>();

    MemberProcesses(Path directory, int size) throws IOException {
        this(directory, size, MemberMain.class, SMALL_SNAP_COUNT);
    }

    /** @param classPath of the members' processes */
    public MemberProcesses(Path directory, int size, PeerPorts peers, String classPath) throws IOException {
        this(directory, size, MemberMain.class, SMALL_SNAP_COUNT, peers, classPath);
    }

    /** @param main whose only argument is the file */
    MemberProcesses(Path directory, int size, Class<?> main, int snapCount) throws IOException {
        this(directory, size, main, snapCount, (from, to, which, own) -> own, System.getProperty("java.class.path"));
    }

    private MemberProcesses(Path directory, int size, Class<?> main, int snapCount, PeerPorts peers, String classPath)
            throws IOException {
        this.directory = directory;
        this.size = size;
        this.main = main;
        this.snapCount = snapCount;
        this.classPath = classPath;
        this.ports = freePorts(PORTS_OF_MEMBER * size);
        for (int id : ids()) {
            configure(id, peers);
        }
    }

    /**
     * Below those from which a system takes ports for outgoing connections: a member that is killed and started again must find
     * its own free.
     */
    private static List<Integer> freePorts(int count) {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < count) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(free.getLocalPort());
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        return List.copyOf(ports);
    }

    public List<Integer> ids() {
        return IntStream.rangeClosed(1, size).boxed().toList();
    }

    private int port(int id, int which) {
        return ports.get(PORTS_OF_MEMBER * (id - 1) + which);
    }

    private void configure(int id, PeerPorts peers) throws IOException {
        Path data = Files.createDirectories(directory.resolve("zk" + id));
        Files.writeString(data.resolve("myid"), Integer.toString(id));
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "maxClientCnxns=0",
                "snapCount=" + snapCount,
                "admin.enableServer=false",
                "dataDir=" + data,
                "clientPortAddress=127.0.0.1",
                "clientPort=" + port(id, 0)));
        ids().forEach(each -> lines.add("server." + each + "=127.0.0.1:"
                + (each == id ? port(each, 1) : peers.between(id, each, 1, port(each, 1))) + ":"
                + (each == id ? port(each, 2) : peers.between(id, each, 2, port(each, 2)))));
        Files.write(directory.resolve("zoo" + id + ".cfg"), lines);
    }

    public void startAll() {
        ids().forEach(this::start);
        ids().forEach(this::awaitServing);
    }

    public void start(int id) {
        try {
            running.put(
                    id,
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx256m",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    classPath,
                                    main.getName(),
                                    directory.resolve("zoo" + id + ".cfg").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                    directory.resolve("member-" + id + ".log").toFile()))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void awaitServing(int id) {
        await().atMost(DEADLINE).until(() -> !mode(id).isEmpty());
    }

    /** In srvr's word; empty while the member serves nobody. */
    public String mode(int id) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(id, 0)), 1_000);
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            int at = answer.indexOf("Mode: ");
            return at < 0
                    ? ""
                    : answer.substring(at + "Mode: ".length())
                            .lines()
                            .findFirst()
                            .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    public int leader() {
        int[] found = {0};
        await().atMost(DEADLINE).until(() -> {
            found[0] = running.keySet().stream()
                    .filter(id -> mode(id).equals("leader"))
                    .findFirst()
                    .orElse(0);
            return found[0] != 0;
        });
        return found[0];
    }

    public List<Integer> allBut(int id) {
        return ids().stream().filter(each -> each != id).toList();
    }

    /** {@code kill -9}; waits until the process is gone. */
    public void kill(int id) throws InterruptedException {
        Process process = running.remove(id);
        process.destroyForcibly();
        process.waitFor();
    }

    /** Stops in good order. */
    public void stop(int id) throws Exception {
        Process process = running.remove(id);
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("member " + id + " does not stop");
        }
    }

    /** Whether it was started and neither killed nor stopped since. */
    public boolean isRunning(int id) {
        return running.containsKey(id);
    }

    /** Whether a member that is running by our will has ended by its own. */
    public boolean hasDied(int id) {
        return running.containsKey(id) && !running.get(id).isAlive();
    }

    public int clientPort(int id) {
        return port(id, 0);
    }

    /** SIGSTOP or SIGCONT. */
    public void signal(int id, String signal) throws Exception {
        Process kill = new ProcessBuilder(
                        "kill", "-" + signal, Long.toString(running.get(id).pid()))
                .start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill -" + signal + " failed");
        }
    }

    ZooKeeper client(List<Integer> members) throws IOException {
        String addresses =
                members.stream().map(each -> "127.0.0.1:" + port(each, 0)).collect(Collectors.joining(","));
        ZooKeeper client = new ZooKeeper(addresses, SESSION_TIMEOUT_MS, event -> {});
        clients.add(client);
        await().atMost(DEADLINE).until(() -> client.getState().isConnected());
        return client;
    }

    public void closeAll() throws InterruptedException {
        for (Process each : running.values()) {
            each.destroyForcibly();
        }
        for (Process each : running.values()) {
            each.waitFor();
        }
        running.clear();
        for (ZooKeeper each : clients) {
            each.close(100);
        }
        clients.clear();
    }
}
