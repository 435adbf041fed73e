package io.coord.server;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an {@link EmbeddedServer}; made by its builder.
 *
 * @param host the address to listen on
 * @param port 0 for a free one; null for none: then clients of this process only
 * @param dataDir where log and snapshots are kept, created when it is not there; null to live in memory
 * @param dataLogDir where the log is kept when not beside the snapshots, so that it can have a disk of its own; null for in
 *     {@code dataDir}. ZooKeeper's {@code dataLogDir}
 * @param fsync whether a write is acknowledged only once the disk has it; without effect in memory
 * @param snapshotAfterWrites so many entries in the log make a snapshot due, unless 64 MB of log do before; ZooKeeper's
 *     {@code snapCount}
 * @param snapshotAfterQuiet after how long with little written a snapshot is saved, so that the next start need not replay what
 *     came before; when enough has come to be worth it. Zero for never. An orderly close saves a small one as well
 * @param logSegmentBytes size of a file of the log, all but the first few; on the disk before it is used; ZooKeeper's {@code
 *     preAllocSize}
 * @param retainedSnapshots how many snapshots are kept, and the log behind the oldest of them; what is older is removed as soon as a
 *     newer snapshot is saved. 0 keeps everything; ZooKeeper's {@code autopurge.snapRetainCount}
 * @param tickTime how exactly sessions expire: at most this much later than their time-out
 * @param minSessionTimeout a client that asks for less gets this
 * @param maxSessionTimeout a client that asks for more gets this
 * @param containerCheckInterval how often containers without children are removed, and znodes whose time to live is over;
 *     ZooKeeper's {@code znode.container.checkIntervalMs}
 * @param containerMaxNeverUsed for how long a container may wait for its first child before it is removed; zero for ever;
 *     ZooKeeper's {@code znode.container.maxNeverUsedIntervalMs}
 * @param maxFrameBytes a client that sends a longer request is disconnected; ZooKeeper's {@code jute.maxbuffer}
 * @param maxResponseBytes a response that would be longer, its header included, is not sent; the request gets MARSHALLING_ERROR
 *     instead. Clients break their connection over what is longer than their own limit, {@code jute.maxbuffer}, and would do
 *     so again and again: raise both together
 * @param maxClientConnections from one address, over sockets; a further one is closed at once; 0 for any number; ZooKeeper's
 *     {@code maxClientCnxns}. Clients of this process are not counted
 * @param maxConnections over sockets, from all addresses; a further one is closed at once; 0 for any number; ZooKeeper's {@code
 *     maxCnxns}
 * @param enforceQuota whether a write that would lead beyond a hard quota is refused; if not, the log tells of it, as it does of a
 *     soft one; ZooKeeper's {@code enforceQuota}
 * @param reconfigEnabled whether clients may change the members of the ensemble; which error answers them on a single server:
 *     RECONFIG_DISABLED, or with this UNIMPLEMENTED. ZooKeeper's {@code reconfigEnabled}
 * @param tls how clients are served that speak TLS; null when none are
 * @param admin what is offered to operators
 * @param ensemble whom this server shares its log with; null for nobody. Needs {@code coord-server-ensemble} on the class path and a
 *     data directory
 */
public record EmbeddedServerConfig(
        String host,
        @Nullable Integer port,
        @Nullable Path dataDir,
        @Nullable Path dataLogDir,
        boolean fsync,
        int snapshotAfterWrites,
        Duration snapshotAfterQuiet,
        int logSegmentBytes,
        int retainedSnapshots,
        Duration tickTime,
        Duration minSessionTimeout,
        Duration maxSessionTimeout,
        Duration containerCheckInterval,
        Duration containerMaxNeverUsed,
        int maxFrameBytes,
        int maxResponseBytes,
        int maxClientConnections,
        int maxConnections,
        boolean enforceQuota,
        boolean reconfigEnabled,
        AuthenticationConfig authentication,
        @Nullable ServerTls tls,
        AdminConfig admin,
        @Nullable EnsembleSettings ensemble) {
    private static final int HIGHEST_PORT = 65_535;
    private static final int LEAST_SEGMENT_BYTES = 4 << 10;
    private static final int MOST_SEGMENT_BYTES = 1 << 30;
    /** Should the newest be found damaged, the one before it and the log give everything. */
    private static final int LEAST_SNAPSHOTS = 2;

    private static final int LEAST_FRAME_BYTES = 1_024;
    /**
     * The log takes entries of 32 MB, and a request may grow threefold on its way there: what is no UTF-8 is replaced by a
     * sign that takes three bytes.
     */
    private static final int MOST_FRAME_BYTES = 10 << 20;

    /** What may wait for one client, see the transport's limits, must hold one response at least. */
    private static final int MOST_RESPONSE_BYTES = 32 << 20;

    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    /** @throws IllegalArgumentException naming the setting and its value */
    public EmbeddedServerConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is blank");
        }
        if (port != null) {
            requireRange("port", port, 0, HIGHEST_PORT);
        }
        if (dataLogDir != null && dataDir == null) {
            throw new IllegalArgumentException("dataLogDir is " + dataLogDir + ", and there is no dataDir");
        }
        requireRange("snapshotAfterWrites", snapshotAfterWrites, 1, Integer.MAX_VALUE);
        if (!snapshotAfterQuiet.isZero()) {
            requireDuration("snapshotAfterQuiet", snapshotAfterQuiet);
        }
        requireRange("logSegmentBytes", logSegmentBytes, LEAST_SEGMENT_BYTES, MOST_SEGMENT_BYTES);
        if (retainedSnapshots != 0) {
            requireRange("retainedSnapshots", retainedSnapshots, LEAST_SNAPSHOTS, Integer.MAX_VALUE);
        }
        requireDuration("tickTime", tickTime);
        requireDuration("minSessionTimeout", minSessionTimeout);
        requireDuration("maxSessionTimeout", maxSessionTimeout);
        requireDuration("containerCheckInterval", containerCheckInterval);
        if (!containerMaxNeverUsed.isZero()) {
            requireDuration("containerMaxNeverUsed", containerMaxNeverUsed);
        }
        if (minSessionTimeout.compareTo(maxSessionTimeout) > 0) {
            throw new IllegalArgumentException("minSessionTimeout is " + minSessionTimeout
                    + ", longer than maxSessionTimeout, which is " + maxSessionTimeout);
        }
        requireRange("maxFrameBytes", maxFrameBytes, LEAST_FRAME_BYTES, MOST_FRAME_BYTES);
        requireRange("maxResponseBytes", maxResponseBytes, LEAST_FRAME_BYTES, MOST_RESPONSE_BYTES);
        requireRange("maxClientConnections", maxClientConnections, 0, Integer.MAX_VALUE);
        requireRange("maxConnections", maxConnections, 0, Integer.MAX_VALUE);
        if (ensemble != null) {
            requireMember(ensemble, dataDir, minSessionTimeout);
        }
        if (tls != null && tls.portUnification() && port == null) {
            throw new IllegalArgumentException("tls has portUnification, but there is no port that could take both");
        }
    }

    /**
     * The same as a member of an ensemble.
     *
     * @throws IllegalArgumentException naming the setting that does not go with that, and its value
     */
    public EmbeddedServerConfig withEnsemble(EnsembleSettings value) {
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
                minSessionTimeout,
                maxSessionTimeout,
                containerCheckInterval,
                containerMaxNeverUsed,
                maxFrameBytes,
                maxResponseBytes,
                maxClientConnections,
                maxConnections,
                enforceQuota,
                reconfigEnabled,
                authentication,
                tls,
                admin,
                value);
    }

    private static void requireMember(EnsembleSettings ensemble, @Nullable Path dataDir, Duration minSessionTimeout) {
        if (dataDir == null) {
            throw new IllegalArgumentException("ensemble is set, and there is no dataDir: a member has to remember");
        }
        if (ensemble.syncTimeout().compareTo(minSessionTimeout) >= 0) {
            throw new IllegalArgumentException("the ensemble's syncTimeout is " + ensemble.syncTimeout()
                    + ", not shorter than minSessionTimeout, which is " + minSessionTimeout);
        }
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", not between " + least + " and " + most);
        }
    }

    private static void requireDuration(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", not between " + Duration.ofMillis(1) + " and " + LONGEST);
        }
    }
}
