package io.coord.spring.autoconfigure;

import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import io.coord.spring.lock.OnFailure;
import io.coord.spring.lock.OnLost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of Coord.
 *
 * @param enabled Whether to auto-configure Coord. Without it, methods with "@ReadLock" and the like run without a lock.
 * @param mode Where the servers run: in this process (embedded), in this process as one of several (ensemble), or elsewhere
 *     (external). If not set, external when a connect string is set, else embedded.
 * @param connectString Comma-separated list of "host:port" pairs of the servers, with an optional "/chroot" at the end.
 * @param namespace Path below which the application's nodes live, without slashes at its ends. Empty to use the root.
 * @param sessionTimeout Time after which the servers give up a session that they hear nothing from. Servers may negotiate another
 *     value.
 * @param connectTimeout Time that one attempt to connect to one server may take.
 * @param requestTimeout Time that one call may take, retries included.
 * @param startup What the start of the application does about the first connection.
 * @param waitTimeout Time that the start of the application waits for the connection when "coord.startup" is "wait" or "fail".
 * @param retry Pauses between attempts to connect.
 * @param auth Identities that the client shows to the servers.
 * @param acl Access control of created nodes.
 * @param ssl TLS on connections to servers that run elsewhere.
 * @param lock Locks.
 * @param leader Leader election.
 * @param cache Local copies of nodes.
 * @param discovery Registration and discovery of services.
 * @param config Configuration that the application imports with "spring.config.import=coord:".
 * @param server Embedded server.
 * @param clients Further clients, by name. Each is a bean of type CoordClient with its name as qualifier.
 */
@ConfigurationProperties(prefix = "coord", ignoreUnknownFields = false)
public record CoordProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable CoordMode mode,
        @Nullable String connectString,
        @DefaultValue("") String namespace,
        @DefaultValue("30s") Duration sessionTimeout,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("10s") Duration requestTimeout,
        @DefaultValue("lazy") CoordStartup startup,
        @DefaultValue("10s") Duration waitTimeout,
        @DefaultValue Retry retry,
        @DefaultValue List<Auth> auth,
        @DefaultValue AccessControl acl,
        @DefaultValue Ssl ssl,
        @DefaultValue Lock lock,
        @DefaultValue Leader leader,
        @DefaultValue Cache cache,
        @DefaultValue Discovery discovery,
        @DefaultValue Config config,
        @DefaultValue Server server,
        @DefaultValue Map<String, Client> clients) {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** The protocol counts milliseconds in 32 bits. */
    private static final Duration LONGEST = Duration.ofDays(24);

    public CoordProperties {
        new Client(
                        connectString,
                        namespace,
                        sessionTimeout,
                        connectTimeout,
                        requestTimeout,
                        startup,
                        waitTimeout,
                        retry,
                        auth,
                        acl,
                        ssl)
                .check("coord");
        clients.forEach((name, client) -> {
            String key = "coord.clients." + name;
            if (!StringUtils.hasText(client.connectString())) {
                throw new InvalidConfigurationPropertyValueException(
                        key + ".connect-string",
                        client.connectString(),
                        "It must be set: only the client without a name can use a server in this process.");
            }
            client.check(key);
        });
    }

    /** What the client without a name is like. */
    Client client() {
        return new Client(
                connectString,
                namespace,
                sessionTimeout,
                connectTimeout,
                requestTimeout,
                startup,
                waitTimeout,
                retry,
                auth,
                acl,
                ssl);
    }

    /**
     * A further client.
     *
     * @param connectString Comma-separated list of "host:port" pairs of the servers, with an optional "/chroot" at the end.
     * @param namespace Path below which the client's nodes live, without slashes at its ends. Empty to use the root.
     * @param sessionTimeout Time after which the servers give up a session that they hear nothing from.
     * @param connectTimeout Time that one attempt to connect to one server may take.
     * @param requestTimeout Time that one call may take, retries included.
     * @param startup What the start of the application does about the first connection.
     * @param waitTimeout Time that the start of the application waits for the connection when "startup" is "wait" or "fail".
     * @param retry Pauses between attempts to connect.
     * @param auth Identities that the client shows to the servers.
     * @param acl Access control of created nodes.
     * @param ssl TLS on connections to the servers.
     */
    public record Client(
            @Nullable String connectString,
            @DefaultValue("") String namespace,
            @DefaultValue("30s") Duration sessionTimeout,
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("10s") Duration requestTimeout,
            @DefaultValue("lazy") CoordStartup startup,
            @DefaultValue("10s") Duration waitTimeout,
            @DefaultValue Retry retry,
            @DefaultValue List<Auth> auth,
            @DefaultValue AccessControl acl,
            @DefaultValue Ssl ssl) {

        /** @param key that these settings lie below */
        void check(String key) {
            if (!namespace.isEmpty()) {
                path(key + ".namespace", namespace, "/" + namespace);
            }
            timeout(key + ".session-timeout", sessionTimeout);
            timeout(key + ".connect-timeout", connectTimeout);
            timeout(key + ".request-timeout", requestTimeout);
            timeout(key + ".wait-timeout", waitTimeout);
            if (auth.stream().filter(Auth::isSasl).count() > 1) {
                throw new InvalidConfigurationPropertyValueException(
                        key + ".auth", auth, "A client is one user of SASL; the others need another scheme or client.");
            }
            if (acl.defaultAcl() != CoordAcl.OPEN && auth.isEmpty()) {
                throw new InvalidConfigurationPropertyValueException(
                        key + ".acl.default",
                        acl.defaultAcl(),
                        "It gives rights to the identity that creates a node, and '" + key
                                + ".auth' names no identity.");
            }
        }
    }

    /**
     * TLS on connections to servers.
     *
     * @param bundle Name of the SSL bundle with the trusted certificates and, if the servers ask for one, the client's own. If not
     *     set, connections are not encrypted.
     * @param verifyHostname Whether a server's certificate must be for the host in the connect string.
     */
    public record Ssl(
            @Nullable String bundle, @DefaultValue("true") boolean verifyHostname) {}

    /**
     * Pauses between attempts to connect.
     *
     * @param base Pause after the first failed attempt. It doubles with each further one.
     * @param max Longest pause.
     * @param jitter Share of a pause that chance may take off, from 0 (none) to 1 (all of it).
     */
    public record Retry(
            @DefaultValue("100ms") Duration base,
            @DefaultValue("3s") Duration max,
            @DefaultValue("0.5") double jitter) {

        public Retry {
            timeout("coord.retry.base", base);
            timeout("coord.retry.max", max);
            if (max.compareTo(base) < 0) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.retry.max", max, "It must not be shorter than 'coord.retry.base' (" + base + ").");
            }
            if (!(jitter >= 0 && jitter <= 1)) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.retry.jitter", jitter, "It must be between 0 and 1.");
            }
        }
    }

    /**
     * An identity that the client shows to the servers.
     *
     * @param scheme Authentication scheme: "digest", or "sasl" for a user of SASL (DIGEST-MD5).
     * @param username Name of the user.
     * @param password Password of the user.
     */
    public record Auth(
            @DefaultValue("digest") String scheme,
            @Nullable String username,
            @Nullable String password) {

        public Auth {
            if (!StringUtils.hasText(username)) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.auth.username", username, "It must be set.");
            }
            if (username.contains(":")) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.auth.username",
                        username,
                        "A colon separates it from the password, so it cannot contain one.");
            }
            if (password == null) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.auth.password", null, "It must be set for the user '" + username + "'.");
            }
        }

        boolean isSasl() {
            return scheme.equals("sasl");
        }

        @Override
        public String toString() {
            return "Auth[scheme=" + scheme + ", username=" + username + "]";
        }
    }

    /**
     * Access control of created nodes.
     *
     * @param defaultAcl Access that nodes are created with when a call names no ACL of its own.
     */
    public record AccessControl(
            @Name("default") @DefaultValue("open") CoordAcl defaultAcl) {}

    /**
     * Locks.
     *
     * @param root Path below which locks live.
     * @param waitTime Time that a locked method waits for its lock unless its annotation says otherwise.
     * @param onFailure What a locked method does when it does not get its lock unless its annotation says otherwise.
     * @param onLost What happens to a locked method whose lock is lost while it runs unless its annotation says otherwise.
     * @param holdWarning Time after which the log says that a method still holds its lock, and what it does, 0 for never.
     * @param order Order of the lock advice. It must be lower than the order of the transaction advice, so that a transaction commits
     *     before its lock is released.
     */
    public record Lock(
            @DefaultValue("/coord/locks") String root,
            @Name("wait") @DefaultValue("30s") Duration waitTime,
            @DefaultValue("throw") OnFailure onFailure,
            @DefaultValue("interrupt") OnLost onLost,
            @DefaultValue("1m") Duration holdWarning,
            @DefaultValue(DEFAULT_ORDER) int order) {

        /** A little before the lowest precedence, which is where transactions and caching sit. */
        static final String DEFAULT_ORDER = "2147483547";

        public Lock {
            path("coord.lock.root", root);
            if (waitTime.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.lock.wait", waitTime, "It must not be negative.");
            }
            if (holdWarning.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.lock.hold-warning", holdWarning, "It must not be negative.");
            }
            if (onFailure == OnFailure.DEFAULT || onFailure == OnFailure.FALLBACK) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.lock.on-failure", onFailure, "Valid values for all methods are 'throw' and 'skip'.");
            }
            if (onLost == OnLost.DEFAULT || onLost == OnLost.CALLBACK) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.lock.on-lost",
                        onLost,
                        "Valid values for all methods are 'interrupt', 'throw' and 'ignore'.");
            }
        }
    }

    /**
     * Leader election.
     *
     * @param root Path below which elections live.
     * @param yieldWhen When this application gives its roles up because it is unhealthy.
     */
    public record Leader(
            @DefaultValue("/coord/leaders") String root,
            @DefaultValue YieldWhen yieldWhen) {

        public Leader {
            path("coord.leader.root", root);
        }
    }

    /**
     * When this application gives its roles up because it is unhealthy.
     *
     * @param health Name of the health indicator or group that says whether this application may lead, such as "db" or "readiness". If
     *     not set, it leads whatever its health is.
     * @param downFor Time that it is down or out of service, without a break, before the roles are given up.
     * @param upFor Time that it is neither, without a break, before they are contended for again.
     * @param checkInterval Time between two looks at it. A look that takes longer counts as down.
     */
    public record YieldWhen(
            @Nullable String health,
            @DefaultValue("30s") Duration downFor,
            @DefaultValue("1m") Duration upFor,
            @DefaultValue("5s") Duration checkInterval) {

        public YieldWhen {
            timeout("coord.leader.yield-when.check-interval", checkInterval);
            if (downFor.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.leader.yield-when.down-for", downFor, "It must not be negative.");
            }
            if (upFor.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.leader.yield-when.up-for", upFor, "It must not be negative.");
            }
        }
    }

    /**
     * Local copies of nodes.
     *
     * @param resyncJitter Longest pause of random length between a reconnect and the comparison of a cache with the servers.
     * @param maxConcurrentReads How many reads one cache has under way at most.
     */
    public record Cache(
            @DefaultValue("2s") Duration resyncJitter,
            @DefaultValue("32") int maxConcurrentReads) {

        public Cache {
            if (resyncJitter.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.cache.resync-jitter", resyncJitter, "It must not be negative.");
            }
            if (maxConcurrentReads < 1) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.cache.max-concurrent-reads", maxConcurrentReads, "At least one read must be allowed.");
            }
        }
    }

    /**
     * Registration and discovery of services.
     *
     * @param enabled Whether to configure registration and discovery.
     * @param register Whether to register this application as an instance of its service.
     * @param root Path below which services are registered.
     * @param name Name of the service. Defaults to "spring.application.name".
     * @param instanceId Identifier of this instance, unique within the service. Defaults to a random one.
     * @param host Host name or address that others reach this instance at. Defaults to this machine's address.
     * @param port Port that others reach this instance at. Defaults to the web server's.
     * @param sslPort Port that others reach this instance at with TLS. If set, it is the one that discovering clients use.
     * @param uriSpec Template of this instance's address for others. Defaults to "{scheme}://{address}:{port}", with an SSL port to
     *     "{scheme}://{address}:{ssl-port}".
     * @param metadata What others should know about this instance.
     * @param initialStatus Status that this instance registers with. Load balancers do not call one that is not "UP".
     * @param order Order of the discovery client among those of Spring Cloud, which are asked in turn.
     * @param loadBalancer Instances for Spring Cloud LoadBalancer.
     * @param deregisterDelay Time between the deregistration and the stop of the web server, for others to take notice.
     */
    public record Discovery(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("true") boolean register,
            @DefaultValue("/services") String root,
            @Nullable String name,
            @Nullable String instanceId,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable Integer sslPort,
            @Nullable String uriSpec,
            @DefaultValue Map<String, String> metadata,
            @Nullable String initialStatus,
            @DefaultValue("0") int order,
            @DefaultValue LoadBalancer loadBalancer,
            @DefaultValue("2s") Duration deregisterDelay) {

        public Discovery {
            path("coord.discovery.root", root);
            element("coord.discovery.name", name);
            element("coord.discovery.instance-id", instanceId);
            port("coord.discovery.port", port);
            port("coord.discovery.ssl-port", sslPort);
            if (deregisterDelay.isNegative()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.discovery.deregister-delay", deregisterDelay, "It must not be negative.");
            }
        }

        private static void port(String key, @Nullable Integer port) {
            if (port != null && (port < 1 || port > 65535)) {
                throw new InvalidConfigurationPropertyValueException(key, port, "It must be between 1 and 65535.");
            }
        }

        /**
         * Instances for Spring Cloud LoadBalancer.
         *
         * @param enabled Whether load balancers choose among the instances known here, as they are at that moment, instead of a
         *     list that Spring Cloud caches.
         * @param errorsUntilDown Failed calls after which an instance is left out for a while, 0 for never.
         * @param downFor Time, from the first of these failed calls, for which it is left out.
         */
        public record LoadBalancer(
                @DefaultValue("true") boolean enabled,
                @DefaultValue("2") int errorsUntilDown,
                @DefaultValue("30s") Duration downFor) {

            public LoadBalancer {
                if (errorsUntilDown < 0) {
                    throw new InvalidConfigurationPropertyValueException(
                            "coord.discovery.load-balancer.errors-until-down",
                            errorsUntilDown,
                            "It must not be negative.");
                }
                timeout("coord.discovery.load-balancer.down-for", downFor);
            }
        }
    }

    /**
     * Configuration that the application imports with "spring.config.import=coord:".
     *
     * @param enabled Whether such imports import anything.
     * @param root Path below which configuration lives.
     * @param name Name of the application below the root. Defaults to "spring.application.name".
     * @param defaultContext Name below the root of what all applications share.
     * @param profileSeparator Text between a name and a profile, in names of nodes that are for that profile.
     * @param format What nodes hold whose name does not end with ".properties", ".yaml" or ".yml".
     * @param lastKnownGood File that keeps what was read last, for a start without servers. It holds all values as they are, is
     *     readable by its owner only, and belongs to one instance. If not set, nothing is kept.
     * @param refresh Changes while the application runs.
     */
    public record Config(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("/config") String root,
            @Nullable String name,
            @DefaultValue("application") String defaultContext,
            @DefaultValue(",") String profileSeparator,
            @DefaultValue("keys") CoordConfigFormat format,
            @Nullable Path lastKnownGood,
            @DefaultValue ConfigRefresh refresh) {

        public Config {
            path("coord.config.root", root);
            element("coord.config.default-context", defaultContext);
            element("coord.config.profile-separator", profileSeparator);
            if (defaultContext.isEmpty()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.config.default-context", defaultContext, "It must not be empty.");
            }
            if (profileSeparator.isEmpty()) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.config.profile-separator", profileSeparator, "It must not be empty.");
            }
            if (StringUtils.hasText(name)) {
                path("coord.config.name", name, "/" + name);
            }
        }
    }

    /**
     * Changes of imported configuration while the application runs.
     *
     * @param enabled Whether the environment follows changes.
     * @param debounce Time without a change after which changes take effect, all at once. Changes without end take effect after ten
     *     times as long.
     */
    public record ConfigRefresh(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("500ms") Duration debounce) {

        public ConfigRefresh {
            timeout("coord.config.refresh.debounce", debounce);
        }
    }

    /**
     * Embedded server.
     *
     * @param host Address that the server listens on. Other machines reach it only on one of theirs or on "0.0.0.0".
     * @param port Port that the server listens on, 0 for any free one. If not set, only this application reaches the server.
     * @param dataDir Directory that the server keeps its data in. If not set, the data is in memory and gone with the process.
     * @param fsync Whether a write is acknowledged only once the disk has it.
     * @param tickTime Time by which the end of a silent session may be late.
     * @param minSessionTimeout Shortest session timeout that a client may ask for. Defaults to two ticks.
     * @param maxSessionTimeout Longest session timeout that a client may ask for. Defaults to twenty ticks.
     * @param containerCheckInterval Time between two searches for empty containers to remove.
     * @param containerMaxNeverUsed Time that a container may wait for its first child before it is removed, 0 for ever.
     * @param maxClientConnections Connections that one address may have, 0 for any number. Connections from within the
     *     application do not count.
     * @param maxRequestSize Longest request that a client may send. It is disconnected when it sends a longer one.
     * @param maxResponseSize Longest response that is sent. A request whose response would be longer gets an error. Clients must
     *     accept as much: ZooKeeper's do with "jute.maxbuffer".
     * @param snapshotAfterWrites Number of writes in the log after which a snapshot is made. Fewer make the next start quicker.
     * @param snapshotAfterQuiet Time with hardly any write after which a snapshot is made if it is worth it, 0 for never. The next
     *     start then has no log to replay.
     * @param logSegmentSize Size of one file of the log.
     * @param retainedSnapshots Number of snapshots that are kept, with the log behind the oldest of them. 0 to keep everything.
     * @param maxConnections Connections that the server may have in all, 0 for any number. Connections from within the application
     *     do not count.
     * @param enforceQuota Whether hard quotas are kept, rather than told of in the log.
     * @param audit Whether it is noted who changed what: a line for each write and each refused proof of identity, to the logger
     *     "org.apache.zookeeper.audit.Slf4jAuditLogger".
     * @param auth Who clients of the server are and what they may do.
     * @param ssl TLS for clients from elsewhere.
     * @param ensemble Servers that share one log with this one, when "coord.mode" is "ensemble".
     */
    public record Server(
            @DefaultValue("127.0.0.1") String host,
            @Nullable Integer port,
            @Nullable Path dataDir,
            @DefaultValue("true") boolean fsync,
            @DefaultValue("2s") Duration tickTime,
            @Nullable Duration minSessionTimeout,
            @Nullable Duration maxSessionTimeout,
            @DefaultValue("1m") Duration containerCheckInterval,
            @DefaultValue("0s") Duration containerMaxNeverUsed,
            @DefaultValue("60") int maxClientConnections,
            @DefaultValue("1048575B") DataSize maxRequestSize,
            @DefaultValue("1048575B") DataSize maxResponseSize,
            @DefaultValue("400000") int snapshotAfterWrites,
            @DefaultValue("30s") Duration snapshotAfterQuiet,
            @DefaultValue("64MB") DataSize logSegmentSize,
            @DefaultValue("3") int retainedSnapshots,
            @DefaultValue("0") int maxConnections,
            @DefaultValue("false") boolean enforceQuota,
            @DefaultValue("false") boolean audit,
            @DefaultValue ServerAuth auth,
            @DefaultValue ServerSsl ssl,
            @DefaultValue Ensemble ensemble) {

        private static final DataSize SHORTEST_FRAME = DataSize.ofKilobytes(1);

        public Server {
            if (!StringUtils.hasText(host)) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.host", host, "It must not be empty.");
            }
            if (port != null && (port < 0 || port > 65535)) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.port", port, "It must be between 0 and 65535.");
            }
            if (ssl.portUnification() && port == null) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.ssl.port-unification",
                        true,
                        "There is no 'coord.server.port' that could take both.");
            }
            timeout("coord.server.tick-time", tickTime);
            timeout("coord.server.container-check-interval", containerCheckInterval);
            if (!containerMaxNeverUsed.isZero()) {
                timeout("coord.server.container-max-never-used", containerMaxNeverUsed);
            }
            if (!snapshotAfterQuiet.isZero()) {
                timeout("coord.server.snapshot-after-quiet", snapshotAfterQuiet);
            }
            size("coord.server.max-request-size", maxRequestSize, SHORTEST_FRAME, DataSize.ofMegabytes(10));
            size("coord.server.max-response-size", maxResponseSize, SHORTEST_FRAME, DataSize.ofMegabytes(32));
            size("coord.server.log-segment-size", logSegmentSize, DataSize.ofKilobytes(4), DataSize.ofGigabytes(1));
            if (snapshotAfterWrites < 1) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.snapshot-after-writes", snapshotAfterWrites, "It must be 1 or more.");
            }
            if (retainedSnapshots < 0 || retainedSnapshots == 1) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.retained-snapshots",
                        retainedSnapshots,
                        "It must be 2 or more, so that a damaged one can be done without, or 0 to keep everything.");
            }
            if (maxConnections < 0) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.max-connections", maxConnections, "It must not be negative.");
            }
            if (maxClientConnections < 0) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.max-client-connections", maxClientConnections, "It must not be negative.");
            }
            Duration min = minSessionTimeout == null ? tickTime.multipliedBy(2) : minSessionTimeout;
            Duration max = maxSessionTimeout == null ? tickTime.multipliedBy(20) : maxSessionTimeout;
            timeout("coord.server.min-session-timeout", min);
            timeout("coord.server.max-session-timeout", max);
            if (min.compareTo(max) > 0) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.min-session-timeout",
                        min,
                        "It must not be longer than 'coord.server.max-session-timeout' (" + max + ").");
            }
        }
    }

    /**
     * Servers that share one log.
     *
     * @param name Name of the ensemble, the same for all of its servers. Servers and data directories of another one are refused.
     * @param id Number of this server.
     * @param members All servers of the ensemble, this one as well, by their numbers: "host:port:port" as "server.N" in a zoo.cfg,
     *     with ":observer" behind it for one without a vote.
     * @param listenOnAllAddresses Whether the two ports for the other servers are opened on all addresses of this machine, rather
     *     than on the host of this server.
     * @param electionTimeout Time without a leader after which a server starts an election.
     * @param syncTimeout Time without an answer of a leader after which a server stops serving. Must be shorter than the shortest
     *     session timeout. Defaults to 2s.
     */
    public record Ensemble(
            @DefaultValue("coord") String name,
            @Nullable Integer id,
            @DefaultValue Map<Integer, String> members,
            @DefaultValue("false") boolean listenOnAllAddresses,
            @DefaultValue("500ms") Duration electionTimeout,
            @Nullable Duration syncTimeout) {

        public Ensemble {
            if (!StringUtils.hasText(name)) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.ensemble.name", name, "It must not be empty.");
            }
        }
    }

    /**
     * TLS for clients of the embedded server.
     *
     * @param bundle Name of the SSL bundle with the server's key and, if clients show certificates, those that are trusted.
     * @param port Port for TLS alone, 0 for any free one.
     * @param portUnification Whether "coord.server.port" takes connections with TLS as well.
     * @param clientAuth Whether clients show a certificate.
     */
    public record ServerSsl(
            @Nullable String bundle,
            @Nullable Integer port,
            @DefaultValue("false") boolean portUnification,
            @DefaultValue("need") CoordClientAuth clientAuth) {

        public ServerSsl {
            if (port != null && (port < 0 || port > 65535)) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.ssl.port", port, "It must be between 0 and 65535.");
            }
            boolean listens = port != null || portUnification;
            if (bundle == null && listens) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.ssl.bundle", null, "It must be set for a server that speaks TLS.");
            }
            if (bundle != null && !listens) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.ssl.bundle",
                        bundle,
                        "Neither 'coord.server.ssl.port' nor 'coord.server.ssl.port-unification' says where it is used.");
            }
        }
    }

    /**
     * Who clients of the server are and what they may do.
     *
     * @param skipAcl Whether everybody may do everything.
     * @param digestEnabled Whether clients may authenticate by user and password (scheme "digest").
     * @param digestAlgorithm Algorithm of the hash in the ids of scheme "digest".
     * @param superDigest User and hash, with a colon between them, of one who may do everything.
     * @param x509SuperUser Distinguished name in the certificate of one who may do everything.
     * @param saslUsers Passwords of the users of SASL, by name. Without any SASL is not offered.
     * @param saslSuperUsers Users of SASL who may do everything.
     * @param requiredSchemes Schemes of which a client must have authenticated by one. Empty if it need not.
     */
    public record ServerAuth(
            @DefaultValue("false") boolean skipAcl,
            @DefaultValue("true") boolean digestEnabled,
            @DefaultValue("SHA1") String digestAlgorithm,
            @Nullable String superDigest,
            @Nullable String x509SuperUser,
            @DefaultValue Map<String, String> saslUsers,
            @DefaultValue List<String> saslSuperUsers,
            @DefaultValue List<String> requiredSchemes) {

        private static final Set<String> SCHEMES = Set.of("digest", "sasl", "x509", "ip");

        public ServerAuth {
            if (superDigest != null && !superDigest.matches("[^:]+:[^:]+")) {
                throw new InvalidConfigurationPropertyValueException(
                        "coord.server.auth.super-digest",
                        null,
                        "It must be a user and a hash as in an ACL of scheme \"digest\", with a colon between them.");
            }
            for (String user : saslSuperUsers) {
                if (!saslUsers.containsKey(user)) {
                    throw new InvalidConfigurationPropertyValueException(
                            "coord.server.auth.sasl-super-users",
                            user,
                            "It must be one of the users in 'coord.server.auth.sasl-users'.");
                }
            }
            for (String scheme : requiredSchemes) {
                if (!SCHEMES.contains(scheme)) {
                    throw new InvalidConfigurationPropertyValueException(
                            "coord.server.auth.required-schemes",
                            scheme,
                            "Valid values are 'digest', 'sasl', 'x509' and 'ip'.");
                }
            }
        }

        /** Without passwords and their hashes. */
        @Override
        public String toString() {
            return "ServerAuth[skipAcl=" + skipAcl + ", digestEnabled=" + digestEnabled + ", saslUsers="
                    + saslUsers.keySet() + ", requiredSchemes=" + requiredSchemes + "]";
        }
    }

    private static void timeout(String key, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new InvalidConfigurationPropertyValueException(
                    key, value, "It must be between 1 ms and " + LONGEST.toDays() + " days.");
        }
    }

    private static void size(String key, DataSize value, DataSize least, DataSize most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidConfigurationPropertyValueException(
                    key, value, "It must be between " + least.toKilobytes() + "KB and " + most.toMegabytes() + "MB.");
        }
    }

    private static void path(String key, String value) {
        path(key, value, value);
    }

    private static void path(String key, String value, String path) {
        String problem = problemOfPath(path);
        if (path.equals(ZnodePath.ROOT)) {
            problem = "The root itself is shared with everything else on the servers";
        }
        if (problem != null) {
            throw new InvalidConfigurationPropertyValueException(key, value, problem + ".");
        }
    }

    /** Why a text cannot be a path, without the full stop; null when it can. */
    public static @Nullable String problemOfPath(String path) {
        try {
            ZnodePath.validate(path);
            return null;
        } catch (InvalidPathException e) {
            return e.getMessage();
        }
    }

    private static void element(String key, @Nullable String value) {
        String problem = value == null || value.isEmpty() ? null : problemOfElement(value);
        if (problem != null) {
            throw new InvalidConfigurationPropertyValueException(key, value, problem);
        }
    }

    /** Why a text cannot be one element of a path; null when it can. */
    public static @Nullable String problemOfElement(String value) {
        if (value.indexOf('/') >= 0) {
            return "It becomes one element of a path and cannot contain a slash.";
        }
        try {
            ZnodePath.validate("/" + value);
            return null;
        } catch (InvalidPathException e) {
            return "It becomes one element of a path: " + e.getMessage() + ".";
        }
    }
}
