package io.coord.client;

import io.coord.client.internal.sasl.DigestMd5;
import io.coord.client.internal.session.SessionSettings;
import io.coord.client.internal.tls.TlsConnector;
import io.coord.client.session.ConnectionStateErrorPolicy;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompressionProvider;
import io.coord.client.spi.Connector;
import io.coord.protocol.tls.TlsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a client. Not thread-safe.
 *
 * <pre>{@code
 * CoordClient client = CoordClient.builder()
 *         .connectString("zk-1:2181,zk-2:2181,zk-3:2181")
 *         .namespace("shop")
 *         .sessionTimeout(Duration.ofSeconds(20))
 *         .requestTimeout(Duration.ofSeconds(5))
 *         .authorization("digest", "shop:secret".getBytes(StandardCharsets.UTF_8))
 *         .aclProvider(AclProvider.CREATOR_ALL)
 *         .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(100), Duration.ofSeconds(10), 0.5))
 *         .connectionStateErrorPolicy(ConnectionStateErrorPolicy.SESSION)
 *         .connector(Connector.tcp())
 *         .build();
 * client.start();
 * if (!client.blockUntilConnected(Duration.ofSeconds(10))) {
 *     // Nobody answers yet; it goes on trying, and calls wait for it until their deadlines.
 * }
 * }</pre>
 */
public final class CoordClientBuilder {
    record Credential(String scheme, byte[] auth) {}

    private static final Duration LONGEST_TIMEOUT = Duration.ofMillis(Integer.MAX_VALUE);

    @Nullable
    String connectString;

    String namespace = "";
    Duration sessionTimeout = Duration.ofSeconds(30);
    Duration connectTimeout = Duration.ofSeconds(5);
    Duration requestTimeout = Duration.ofSeconds(10);
    final List<Credential> credentials = new ArrayList<>();

    @Nullable
    DigestMd5 sasl;

    AclProvider aclProvider = AclProvider.OPEN;
    ConnectionStateErrorPolicy connectionStateErrorPolicy = ConnectionStateErrorPolicy.STANDARD;
    CompressionProvider compressionProvider = CompressionProvider.gzip();
    boolean compressing;
    boolean readOnly;
    boolean trackingEnsemble;
    ReconnectBackoff reconnectBackoff = ReconnectBackoff.DEFAULT;
    Connector connector = Connector.tcp();

    @Nullable
    TlsConfig tls;

    boolean verifyingHostname = true;
    ClientMetrics metrics = ClientMetrics.NONE;
    int maxPendingRequests = 100_000;
    int maxResponseBytes = SessionSettings.MAX_RESPONSE_BYTES;

    @Nullable
    ClientThreads threads;

    CoordClientBuilder() {}

    /**
     * Where the servers are: {@code host:port[,host:port…][/chroot]}; the port is 2181 when left out, an IPv6 address
     * stands in brackets. All paths of the client lie below the chroot, which must exist. Required.
     *
     * @throws InvalidConnectStringException when it names no servers
     */
    public CoordClientBuilder connectString(String servers) {
        ConnectString.parse(servers);
        this.connectString = servers;
        return this;
    }

    /**
     * A path below which all paths of this client lie, without slashes at its ends. It is created, as containers, when
     * the first znode below it is. Empty for none, which is the default.
     */
    public CoordClientBuilder namespace(String path) {
        this.namespace = path;
        return this;
    }

    /**
     * How long the server keeps a silent session, and its ephemeral znodes, alive. The server may grant another one.
     * 30 seconds by default.
     */
    public CoordClientBuilder sessionTimeout(Duration timeout) {
        this.sessionTimeout = positive("session timeout", timeout);
        return this;
    }

    /** The time for one attempt to reach one server, handshake included. 5 seconds by default. */
    public CoordClientBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = positive("connect timeout", timeout);
        return this;
    }

    /** The deadline of each call, retries and waiting for a connection included. 10 seconds by default. */
    public CoordClientBuilder requestTimeout(Duration timeout) {
        this.requestTimeout = positive("request timeout", timeout);
        return this;
    }

    /**
     * Credentials to present on each connection, {@code ("digest", "user:password" as bytes)} for instance. May be called
     * several times: the client has all the identities.
     */
    public CoordClientBuilder authorization(String scheme, byte[] auth) {
        credentials.add(new Credential(scheme, auth.clone()));
        return this;
    }

    /**
     * Shows by SASL (DIGEST-MD5) on each connection, before anything else is sent, who the client is; servers know it as {@code
     * sasl:user} in ACLs. The password does not cross the network, but all else does as it is: see {@link #tls}. With a server that
     * refuses it, or that knows no users, the client does not work: calls that wait fail with {@link
     * io.coord.client.error.AuthFailedException}, nothing was sent, and it tries on. Kerberos is not offered. Off by default.
     *
     * @throws IllegalArgumentException when the name is empty
     */
    public CoordClientBuilder saslUser(String user, String password) {
        if (user.isEmpty()) {
            throw new IllegalArgumentException("a user of SASL needs a name");
        }
        this.sasl = new DigestMd5(user, password);
        return this;
    }

    /** The ACL of znodes that are created without {@code withACL}. Open by default. */
    public CoordClientBuilder aclProvider(AclProvider provider) {
        this.aclProvider = provider;
        return this;
    }

    /**
     * Which states of the session recipes treat as an error. {@link ConnectionStateErrorPolicy#STANDARD} by default.
     */
    public CoordClientBuilder connectionStateErrorPolicy(ConnectionStateErrorPolicy policy) {
        this.connectionStateErrorPolicy = policy;
        return this;
    }

    /** How data is compressed where it is. {@link CompressionProvider#gzip()} by default. */
    public CoordClientBuilder compressionProvider(CompressionProvider provider) {
        this.compressionProvider = provider;
        return this;
    }

    /**
     * Compresses the data of all creates and setDatas, those in transactions too, and decompresses that of all getDatas,
     * unless a call says otherwise. Off by default.
     */
    public CoordClientBuilder enableCompression() {
        this.compressing = true;
        return this;
    }

    /**
     * Lets the client read from a server that has lost its ensemble and serves reads only ({@code readonlymode.enabled} of
     * ZooKeeper, with {@code localSessionsEnabled}). That happens while there is no session: with the state {@link
     * io.coord.client.session.SessionState#READ_ONLY}, without ephemeral znodes, and writes fail with {@link
     * io.coord.client.error.ReadOnlyServerException}. Reads may show old data. Meanwhile the other servers are asked whether
     * they take writes. Off by default.
     */
    public CoordClientBuilder canBeReadOnly() {
        this.readOnly = true;
        return this;
    }

    /**
     * Follows reconfigurations of the ensemble: the servers of {@code /zookeeper/config} take the place of those of the
     * connect string, from the first connect on. Off by default: the addresses there are those that the servers know, which
     * clients behind a load balancer or another network may not reach.
     */
    public CoordClientBuilder ensembleTracker() {
        this.trackingEnsemble = true;
        return this;
    }

    /**
     * How long to wait between attempts to connect. {@link ReconnectBackoff#DEFAULT} by default. There is no policy for how
     * often a call is retried: a call has a deadline, {@link #requestTimeout}, and is repeated until then wherever that is
     * safe.
     */
    public CoordClientBuilder reconnectBackoff(ReconnectBackoff backoff) {
        this.reconnectBackoff = backoff;
        return this;
    }

    /** How to open a connection. {@link Connector#tcp()} by default. */
    public CoordClientBuilder connector(Connector how) {
        this.connector = how;
        return this;
    }

    /**
     * Encrypts each connection. The server's certificate must be trusted and, unless {@link #tlsHostnameVerification} says
     * otherwise, be for the host of the connect string. Certificates are looked at again with each attempt to connect; what cannot
     * be used then is logged, and those before stay in use. A handshake that fails is a failed attempt: it is tried again like
     * any other, the log says why, and so does the failure of a call that waits for a connection in vain. Off by default.
     */
    public CoordClientBuilder tls(TlsConfig config) {
        this.tls = config;
        return this;
    }

    /**
     * Whether the server's certificate must be for the host of the connect string. Without it whoever has any certificate that is
     * trusted can pass for the server. On by default.
     */
    public CoordClientBuilder tlsHostnameVerification(boolean value) {
        this.verifyingHostname = value;
        return this;
    }

    /** Who counts or traces what the client does. Nobody by default. */
    public CoordClientBuilder metrics(ClientMetrics listener) {
        this.metrics = listener;
        return this;
    }

    /** Threads to share with other clients. Threads of its own by default, which end when the client is closed. */
    public CoordClientBuilder threads(ClientThreads shared) {
        this.threads = shared;
        return this;
    }

    /**
     * How many calls may be pending at once; one more fails with {@link io.coord.client.error.TooManyRequestsException},
     * and nothing is sent. A stage is pending until it is complete and what depends on it has run. 100,000 by default.
     */
    public CoordClientBuilder maxPendingRequests(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one request must be allowed, not " + limit);
        }
        this.maxPendingRequests = limit;
        return this;
    }

    /**
     * How long an answer may be, its header included; a longer one is skipped, and its call fails with
     * {@link io.coord.client.error.ResponseTooLargeException}. 64 MB by default. Servers have a limit of their own, 1 MB by
     * default, see the server's {@code maxResponseBytes}.
     *
     * @throws IllegalArgumentException when it is less than 1,024
     */
    public CoordClientBuilder maxResponseBytes(int limit) {
        if (limit < 1_024) {
            throw new IllegalArgumentException("answers of 1,024 bytes must be allowed at least, not " + limit);
        }
        this.maxResponseBytes = limit;
        return this;
    }

    /**
     * Makes the client, which does nothing before {@link CoordClient#start()}.
     *
     * @throws IllegalStateException when there is no connect string
     * @throws io.coord.protocol.data.InvalidPathException when chroot and namespace make no path
     */
    public CoordClient build() {
        String servers = connectString;
        if (servers == null) {
            throw new IllegalStateException("a client needs a connect string");
        }
        return new CoordClient(this, ConnectString.parse(servers));
    }

    /** Of connections as they are asked for: with TLS or without. */
    Connector secured() {
        TlsConfig config = tls;
        return config == null ? connector : new TlsConnector(connector, config, verifyingHostname);
    }

    private static Duration positive(String what, Duration timeout) {
        if (timeout.isNegative() || timeout.toMillis() == 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(what + " must be from 1 ms to " + LONGEST_TIMEOUT + ", not " + timeout);
        }
        return timeout;
    }
}
