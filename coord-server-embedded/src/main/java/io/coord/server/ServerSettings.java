package io.coord.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server while they are collected; see {@link EmbeddedServerConfig}.
 *
 * @param <B> the builder that they belong to
 */
abstract class ServerSettings<B extends ServerSettings<B>> {
    private String host = "127.0.0.1";
    private @Nullable Integer port;
    private @Nullable Path dataDir;
    private @Nullable Path dataLogDir;
    private boolean fsync = true;
    private int snapshotAfterWrites = 400_000;
    private Duration snapshotAfterQuiet = Duration.ofSeconds(30);
    private int logSegmentBytes = 64 << 20;
    private int retainedSnapshots = 3;
    private Duration tickTime = Duration.ofSeconds(2);
    private @Nullable Duration minSessionTimeout;
    private @Nullable Duration maxSessionTimeout;
    private Duration containerCheckInterval = Duration.ofMinutes(1);
    private Duration containerMaxNeverUsed = Duration.ZERO;
    private int maxFrameBytes = 0xfffff;
    private int maxResponseBytes = 0xfffff;
    private int maxClientConnections = 60;
    private int maxConnections;
    private boolean enforceQuota;
    private boolean reconfigEnabled;
    private boolean digestEnabled = true;
    private String digestAlgorithm = "SHA1";
    private @Nullable String superDigest;
    private @Nullable String x509SuperUser;
    private final Map<String, String> saslUsers = new HashMap<>();
    private final Set<String> saslSuperUsers = new HashSet<>();
    private Set<String> requiredAuthSchemes = Set.of();
    private boolean skipAcl;
    private @Nullable ServerTls tls;
    private Set<String> fourLetterWords = Set.of("srvr");
    private String adminHost = "127.0.0.1";
    private @Nullable Integer adminPort;
    private String adminCommandPath = "/commands";
    private Duration adminIdleTimeout = Duration.ofSeconds(30);
    private String metricsHost = "127.0.0.1";
    private @Nullable Integer metricsPort;
    private boolean exportJvmInfo = true;
    private boolean audit;
    private @Nullable EnsembleSettings ensemble;

    /** The address to listen on; this machine's own, {@code 127.0.0.1}, unless told otherwise. */
    public B host(String value) {
        this.host = value;
        return self();
    }

    /** 0 for a free port. Without a port only clients of this process can connect. */
    public B port(int value) {
        this.port = value;
        return self();
    }

    /** Where log and snapshots are kept. Without it the server lives in memory. */
    public B dataDir(Path value) {
        this.dataDir = value;
        return self();
    }

    /**
     * Where the log is kept when not beside the snapshots. The data directory notes it; a start that would forget a log
     * fails.
     */
    public B dataLogDir(Path value) {
        this.dataLogDir = value;
        return self();
    }

    /**
     * Whether a write is acknowledged only once the disk has it; so unless told otherwise. Without it a loss of power may
     * take acknowledged writes, the end of the process does not.
     */
    public B fsync(boolean value) {
        this.fsync = value;
        return self();
    }

    /** 400,000 unless told otherwise; less makes the next start quicker and costs the disk more now. */
    public B snapshotAfterWrites(int value) {
        this.snapshotAfterWrites = value;
        return self();
    }

    /**
     * 30 seconds unless told otherwise; zero for never. When hardly anything is written for so long, a snapshot is saved if
     * there is enough to be worth it: then the next start has no log to replay.
     */
    public B snapshotAfterQuiet(Duration value) {
        this.snapshotAfterQuiet = value;
        return self();
    }

    /** 64 MB unless told otherwise, as in ZooKeeper; 4 KB at least, 1 GB at most. */
    public B logSegmentBytes(int value) {
        this.logSegmentBytes = value;
        return self();
    }

    /**
     * 3 unless told otherwise, as in ZooKeeper; 2 at least, or 0 to keep everything. Older snapshots, and the log before the
     * oldest that is kept, are removed as soon as a newer one is saved.
     */
    public B retainedSnapshots(int value) {
        this.retainedSnapshots = value;
        return self();
    }

    /** Two seconds unless told otherwise. */
    public B tickTime(Duration value) {
        this.tickTime = value;
        return self();
    }

    /** Two ticks unless told otherwise. */
    public B minSessionTimeout(Duration value) {
        this.minSessionTimeout = value;
        return self();
    }

    /** Twenty ticks unless told otherwise. */
    public B maxSessionTimeout(Duration value) {
        this.maxSessionTimeout = value;
        return self();
    }

    /** One minute unless told otherwise. */
    public B containerCheckInterval(Duration value) {
        this.containerCheckInterval = value;
        return self();
    }

    /** For how long a container may wait for its first child; zero, for ever, unless told otherwise. */
    public B containerMaxNeverUsed(Duration value) {
        this.containerMaxNeverUsed = value;
        return self();
    }

    /** 1,048,575 bytes unless told otherwise, as in ZooKeeper; 10 MB at most, so that the log can take each request. */
    public B maxFrameBytes(int value) {
        this.maxFrameBytes = value;
        return self();
    }

    /**
     * 1,048,575 bytes unless told otherwise, which is what ZooKeeper's clients take; 32 MB at most. A longer response is
     * not sent: the request gets an error.
     */
    public B maxResponseBytes(int value) {
        this.maxResponseBytes = value;
        return self();
    }

    /**
     * How many sockets one address may open; 60 unless told otherwise, as in ZooKeeper; 0 for any number. Clients of this
     * process are not counted.
     */
    public B maxClientConnections(int value) {
        this.maxClientConnections = value;
        return self();
    }

    /** How many sockets may be open in all; 0, for any number, unless told otherwise. */
    public B maxConnections(int value) {
        this.maxConnections = value;
        return self();
    }

    /**
     * Whether a write that would lead beyond a hard quota is refused, with QUOTA_EXCEEDED; not unless told otherwise, as in
     * ZooKeeper. Another setting after a restart holds for what comes then.
     */
    public B enforceQuota(boolean value) {
        this.enforceQuota = value;
        return self();
    }

    /**
     * Whether clients that may write {@code /zookeeper/config} may change the members of the ensemble; not unless told otherwise. A single
     * server answers with one of two errors.
     */
    public B reconfigEnabled(boolean value) {
        this.reconfigEnabled = value;
        return self();
    }

    /** Whether clients may authenticate by user and password (addauth, {@code digest}); so unless told otherwise. */
    public B digestEnabled(boolean value) {
        this.digestEnabled = value;
        return self();
    }

    /** Of the hash in the ids of scheme {@code digest}; SHA1 unless told otherwise. ACLs made with another one match no more. */
    public B digestAlgorithm(String value) {
        this.digestAlgorithm = value;
        return self();
    }

    /** {@code user:hash}, the hash as in an ACL: whoever adds that identity may do everything. Nobody unless told otherwise. */
    public B superDigest(String value) {
        this.superDigest = value;
        return self();
    }

    /** The distinguished name, as RFC 2253 writes it, of a client's certificate: its owner may do everything. */
    public B x509SuperUser(String value) {
        this.x509SuperUser = value;
        return self();
    }

    /** One who may authenticate by SASL's DIGEST-MD5. Without any SASL is not offered. */
    public B saslUser(String name, String password) {
        saslUsers.put(name, password);
        return self();
    }

    /** One of the users of SASL who may do everything. */
    public B saslSuperUser(String name) {
        saslSuperUsers.add(name);
        return self();
    }

    /**
     * A connection gets nothing but an error, SESSION_CLOSED_REQUIRES_SASL_AUTH, and its end, unless it has authenticated by
     * one of these schemes: {@code digest}, {@code sasl}, {@code x509}, {@code ip}. None is required unless told otherwise.
     */
    public B requiredAuthSchemes(Set<String> schemes) {
        this.requiredAuthSchemes = Set.copyOf(schemes);
        return self();
    }

    /** Whether no ACL is asked; not unless told otherwise. */
    public B skipAcl(boolean value) {
        this.skipAcl = value;
        return self();
    }

    /** How clients are served that speak TLS; none are unless told otherwise. */
    public B tls(ServerTls value) {
        this.tls = value;
        return self();
    }

    /**
     * Which of ZooKeeper's four-letter words are answered on the port, {@code *} for all; {@code srvr} alone unless told
     * otherwise, as in ZooKeeper. Whoever reaches the port can send them, and {@code wchp} and the like are long.
     */
    public B fourLetterWords(String... values) {
        this.fourLetterWords = Set.of(values);
        return self();
    }

    /** The address of the admin server; this machine's own, {@code 127.0.0.1}, unless told otherwise. */
    public B adminHost(String value) {
        this.adminHost = value;
        return self();
    }

    /**
     * The port of the admin server: commands, health and metrics over HTTP. 0 for a free port; without one there is no admin
     * server. When the port is taken, or {@code netty-codec-http} is not on the class path, the server starts without, and the log
     * says so.
     */
    public B adminPort(int value) {
        this.adminPort = value;
        return self();
    }

    /** The path below which the admin server's commands are; {@code /commands} unless told otherwise. */
    public B adminCommandPath(String value) {
        this.adminCommandPath = value;
        return self();
    }

    /** 30 seconds unless told otherwise; an HTTP connection that is silent for so long is closed. */
    public B adminIdleTimeout(Duration value) {
        this.adminIdleTimeout = value;
        return self();
    }

    /** The address of {@link #metricsPort}; this machine's own, {@code 127.0.0.1}, unless told otherwise. */
    public B metricsHost(String value) {
        this.metricsHost = value;
        return self();
    }

    /**
     * A port for metrics alone, in Prometheus' format under ZooKeeper's names; as {@link #adminPort} in all else. The admin
     * server offers the same.
     */
    public B metricsPort(int value) {
        this.metricsPort = value;
        return self();
    }

    /** Whether metrics over HTTP tell of memory, threads and collections of the process, too; so unless told otherwise. */
    public B exportJvmInfo(boolean value) {
        this.exportJvmInfo = value;
        return self();
    }

    /**
     * Whether it is noted who changed what: a line for each write and each refused proof of identity, to the logger {@code
     * org.apache.zookeeper.audit.Slf4jAuditLogger}, as in ZooKeeper; not unless told otherwise. Clients are never held up by it:
     * lines that cannot be written in time are lost, and counted.
     */
    public B audit(boolean value) {
        this.audit = value;
        return self();
    }

    /**
     * Makes the server a member of an ensemble; it is alone unless told so. Needs {@code coord-server-ensemble} on the class path,
     * and {@link #dataDir}. {@link EmbeddedServer#start} returns when the port is open; clients are served once there is a leader.
     */
    public B ensemble(EnsembleSettings value) {
        this.ensemble = value;
        return self();
    }

    abstract B self();

    /** @throws IllegalArgumentException naming the setting that is wrong, and its value */
    EmbeddedServerConfig config() {
        return new EmbeddedServerConfig(
                host,
                port,
                dataDir,
                dataLogDir,
                fsync,
                snapshotAfterWrites,
                snapshotAfterQuiet,
                logSegmentBytes,
                retainedSnapshots,
                tickTime,
                minSessionTimeout == null ? tickTime.multipliedBy(2) : minSessionTimeout,
                maxSessionTimeout == null ? tickTime.multipliedBy(20) : maxSessionTimeout,
                containerCheckInterval,
                containerMaxNeverUsed,
                maxFrameBytes,
                maxResponseBytes,
                maxClientConnections,
                maxConnections,
                enforceQuota,
                reconfigEnabled,
                new AuthenticationConfig(
                        digestEnabled,
                        digestAlgorithm,
                        superDigest,
                        x509SuperUser,
                        saslUsers,
                        saslSuperUsers,
                        requiredAuthSchemes,
                        skipAcl),
                tls,
                new AdminConfig(
                        fourLetterWords,
                        adminHost,
                        adminPort,
                        adminCommandPath,
                        adminIdleTimeout,
                        metricsHost,
                        metricsPort,
                        exportJvmInfo,
                        audit),
                ensemble);
    }
}
