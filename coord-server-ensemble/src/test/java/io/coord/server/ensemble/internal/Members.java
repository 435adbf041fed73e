package io.coord.server.ensemble.internal;

import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServer;
import io.coord.server.EnsembleSettings;
import io.coord.server.EnsembleTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;

/** Members of one ensemble in this process, over real sockets and with real files. */
final class Members {
    static final Duration DEADLINE = Duration.ofSeconds(60);
    static final int SESSION_TIMEOUT_MS = 30_000;

    /** Of the password {@code secret}. */
    private static final String SUPER_DIGEST = superDigest();

    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 32_000;
    private static final Set<Integer> HANDED_OUT = new HashSet<>();

    private final Path directory;
    private final int voters;
    private final int observers;
    private final int snapshotAfterWrites;
    private final List<Integer> ports;
    private int spares;
    private final Map<Integer, Relay> relays = new TreeMap<>();
    private boolean fsync;
    private boolean reconfigEnabled = true;
    private boolean relayed;
    private @Nullable EnsembleTls tls;
    private Duration shortestSession = Duration.ofSeconds(10);
    private Duration syncTimeout = Duration.ofSeconds(5);
    private final Map<Integer, EmbeddedServer> running = new TreeMap<>();
    private final List<ZooKeeper> clients = new ArrayList<>();

    Members(Path directory, int voters, int observers, int snapshotAfterWrites) throws IOException {
        this.directory = directory;
        this.voters = voters;
        this.observers = observers;
        this.snapshotAfterWrites = snapshotAfterWrites;
        this.ports = new ArrayList<>(freePorts(2 * (voters + observers)));
    }

    /** Servers that may be added; each names itself behind the members of the beginning. */
    Members withSpares(int count) throws IOException {
        spares = count;
        ports.addAll(freePorts(2 * count));
        return this;
    }

    /** A server's line, as a client that adds it writes it. */
    String line(int id, boolean observer) {
        return "server." + id + "=127.0.0.1:" + ports.get(2 * id - 2) + ':' + ports.get(2 * id - 1) + ':'
                + (observer ? "observer" : "participant") + ";127.0.0.1:" + (20_000 + id);
    }

    /** For members that are started from now on. */
    Members withFsync() {
        fsync = true;
        return this;
    }

    /** Members that are started from now on reach each other's second port through a relay. */
    Members withRelays() {
        relayed = true;
        return this;
    }

    /** For members that are started from now on. */
    Members withTls(EnsembleTls value) {
        tls = value;
        return this;
    }

    /** @param which 0 for the port of the log, 1 for the other one */
    int port(int id, int which) {
        return ports.get(2 * id - 2 + which);
    }

    /** To the second port of a member; all others come through it. */
    Relay relay(int id) {
        return relays.get(id);
    }

    /** For members that are started from now on. */
    Members withSessions(Duration shortest, Duration sync) {
        shortestSession = shortest;
        syncTimeout = sync;
        return this;
    }

    /**
     * Each port once in this process: other tests may be about to use theirs. Below those from which a system takes ports for
     * outgoing connections: who is stopped and started again must find his own free.
     */
    static synchronized List<Integer> freePorts(int count) {
        List<Integer> found = new ArrayList<>();
        while (found.size() < count) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (HANDED_OUT.add(free.getLocalPort())) {
                    found.add(free.getLocalPort());
                }
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        return found;
    }

    private static String superDigest() {
        try {
            return DigestAuthenticationProvider.generateDigest("super:secret");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who may change the members. */
    ZooKeeperAdmin admin(int member) throws IOException {
        ZooKeeperAdmin admin = new ZooKeeperAdmin(server(member).connectString(), SESSION_TIMEOUT_MS, event -> {});
        clients.add(admin);
        admin.addAuthInfo("digest", "super:secret".getBytes(StandardCharsets.UTF_8));
        await().atMost(DEADLINE).until(() -> admin.getState().isConnected());
        return admin;
    }

    List<Integer> ids() {
        List<Integer> ids = new ArrayList<>();
        for (int id = 1; id <= voters + observers; id++) {
            ids.add(id);
        }
        return ids;
    }

    Set<Integer> running() {
        return running.keySet();
    }

    void startAll() {
        ids().forEach(this::start);
        awaitServing(running.keySet());
    }

    void start(int id) {
        running.put(id, builder(id, "test").start());
    }

    EmbeddedServer.Builder builder(int id, String ensemble) {
        EnsembleSettings.Builder settings = EnsembleSettings.builder(id)
                .name(ensemble)
                // A busy machine must not depose a leader in the middle of a test.
                .electionTimeout(Duration.ofMillis(1_500))
                .syncTimeout(syncTimeout);
        List<Integer> named = new ArrayList<>(ids());
        if (!named.contains(id) && id <= voters + observers + spares) {
            named.add(id);
        }
        for (int each : named) {
            int logPort = ports.get(2 * each - 2);
            int linkPort = linkPort(id, each);
            if (each <= voters || each > voters + observers) {
                settings.voter(each, "127.0.0.1", logPort, linkPort);
            } else {
                settings.observer(each, "127.0.0.1", logPort, linkPort);
            }
        }
        if (tls != null) {
            settings.tls(tls);
        }
        return EmbeddedServer.builder()
                .port(0)
                .dataDir(directory(id))
                .fsync(fsync)
                .snapshotAfterWrites(snapshotAfterWrites)
                .minSessionTimeout(shortestSession)
                .maxSessionTimeout(Duration.ofMinutes(2))
                .maxClientConnections(0)
                .fourLetterWords("*")
                .reconfigEnabled(reconfigEnabled)
                .superDigest(SUPER_DIGEST)
                .ensemble(settings.build());
    }

    private int linkPort(int from, int to) {
        int port = ports.get(2 * to - 1);
        if (!relayed || from == to) {
            return port;
        }
        return relays.computeIfAbsent(to, each -> relayTo(port)).port();
    }

    private static Relay relayTo(int port) {
        try {
            return new Relay(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory(int id) {
        return directory.resolve("member-" + id);
    }

    EmbeddedServer server(int id) {
        return running.get(id);
    }

    void stop(int id) {
        running.remove(id).close();
    }

    void awaitServing(Iterable<Integer> members) {
        for (int each : members) {
            await().atMost(DEADLINE).until(() -> !mode(each).isEmpty());
        }
    }

    /** In srvr's word; empty while the member serves nobody. */
    String mode(int id) {
        return word(server(id).port(), "srvr")
                .lines()
                .filter(line -> line.startsWith("Mode: "))
                .map(line -> line.substring("Mode: ".length()))
                .findFirst()
                .orElse("");
    }

    static String word(int port, String word) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    int leader() {
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

    int follower() {
        int leader = leader();
        return running.keySet().stream()
                .filter(id -> id != leader && id <= voters)
                .findFirst()
                .orElseThrow();
    }

    /** A client of some members, connected. */
    ZooKeeper client(Iterable<Integer> members) throws IOException {
        List<String> addresses = new ArrayList<>();
        members.forEach(each -> addresses.add(server(each).connectString()));
        ZooKeeper client = new ZooKeeper(String.join(",", addresses), SESSION_TIMEOUT_MS, event -> {});
        clients.add(client);
        await().atMost(DEADLINE).until(() -> client.getState().isConnected());
        return client;
    }

    ZooKeeper client(int member) throws IOException {
        return client(List.of(member));
    }

    void closeAll() throws Exception {
        for (ZooKeeper each : clients) {
            each.close(1_000);
        }
        // The leader last: it has nobody to hand over to, and need not try.
        List<Integer> others = running.keySet().stream()
                .filter(each -> !mode(each).equals("leader"))
                .toList();
        close(others);
        close(List.copyOf(running.keySet()));
        for (Relay each : relays.values()) {
            each.close();
        }
    }

    private void close(List<Integer> members) throws Exception {
        CompletableFuture.allOf(members.stream()
                        .map(each -> CompletableFuture.runAsync(running.remove(each)::close))
                        .toArray(CompletableFuture<?>[]::new))
                .get(60, TimeUnit.SECONDS);
    }
}
