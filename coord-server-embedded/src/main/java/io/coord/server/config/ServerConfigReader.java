package io.coord.server.config;

import io.coord.server.EmbeddedServer;
import io.coord.server.EmbeddedServerConfig;
import io.coord.server.EnsembleTls;
import io.coord.server.config.EnsembleConfig.Member;
import io.coord.server.config.KeysWithoutEffect.Advice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code zoo.cfg} with the JVM flags that ZooKeeper reads beside it. Not thread-safe; one object for each reading.
 *
 * <p>Where a key is in both, the file wins, as with ZooKeeper. What is not set has ZooKeeper's default where a client or an
 * operator would notice the difference, else Coord's.
 */
public final class ServerConfigReader {
    private static final String FLAG_PREFIX = "zookeeper.";
    /** Flags that ZooKeeper reads without its prefix. */
    private static final Set<String> PLAIN_FLAGS = Set.of(
            "jute.maxbuffer",
            "jute.maxbuffer.extrasize",
            "znode.container.checkIntervalMs",
            "znode.container.maxPerMinute",
            "znode.container.maxNeverUsedIntervalMs",
            "fsync.warningthresholdms",
            "readonlymode.enabled",
            "follower.nodelay",
            "leader.nodelay",
            JaasSection.FLAG);

    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final int HIGHEST_PORT = 65_535;
    private static final int ZOOKEEPER_TICK_MS = 3_000;
    private static final int MOST_FRAME_BYTES = 10 << 20;
    private static final int LEAST_FRAME_BYTES = 1_024;
    private static final int LEAST_SEGMENT_KB = 4;
    private static final int MOST_SEGMENT_KB = 1 << 20;
    private static final int BY_TICKS = -1;
    /** ZooKeeper keeps three where a file asks for fewer. */
    private static final int LEAST_RETAINED = 3;

    private final Path file;
    private final Consumer<String> notices;
    private final Map<ServerKey, Setting> settings = new EnumMap<>(ServerKey.class);
    private final List<String> problems = new ArrayList<>();
    private final EnsembleReader ensemble = new EnsembleReader();
    private final EmbeddedServer.Builder builder =
            EmbeddedServer.builder().host(ANY_ADDRESS).tickTime(Duration.ofMillis(ZOOKEEPER_TICK_MS));
    private final TlsSection tls;
    private final QuorumTls quorumTls;
    private @Nullable EnsembleTls betweenMembers;
    private final List<Section> sections;
    private @Nullable KeysWithoutEffect keysWithoutEffect;

    private ServerConfigReader(Path file, Consumer<String> notices) {
        this.file = file;
        this.notices = notices;
        this.tls = new TlsSection(notices);
        this.quorumTls = new QuorumTls(notices);
        this.sections = List.of(tls, new AuthenticationSection(), new AdminSection());
    }

    /**
     * @param flags the JVM's system properties; those that are ZooKeeper's are looked at
     * @param notices takes a sentence for each key that sets nothing, each key that nobody knows, and whatever else an operator
     *     should know though the server can start
     * @throws InvalidConfigException when no server can be started from it; its message has a line for each reason
     */
    public static ServerConfig read(Path file, Map<String, String> flags, Consumer<String> notices) {
        return new ServerConfigReader(file, notices).read(flags);
    }

    private ServerConfig read(Map<String, String> flags) {
        Map<String, Setting> all = new LinkedHashMap<>(ofFlags(flags));
        Map<String, Setting> inFile = new LinkedHashMap<>();
        for (Setting setting : PropertiesFile.read(file)) {
            @Nullable Setting before = inFile.put(setting.key(), setting);
            if (before != null) {
                notices.accept(setting.place() + ": " + setting.key() + " is there twice; this one counts, not that of "
                        + before.place());
            }
        }
        all.putAll(inFile);
        all.values().forEach(setting -> attempt(() -> sort(setting)));
        settings.forEach((key, setting) -> attempt(() -> apply(key, setting)));
        sections.forEach(section -> attempt(() -> section.apply(builder)));
        attempt(this::requireOrderOfTimeouts);
        attempt(() -> betweenMembers = quorumTls.read());
        failOnProblems();
        Setting dataDir = settings.get(ServerKey.DATA_DIR);
        if (dataDir == null) {
            throw new InvalidConfigException(
                    file + ": dataDir is not set; it names the directory for log and snapshots");
        }
        EnsembleConfig members = ensemble.read(path(dataDir), betweenMembers);
        builder.reconfigEnabled(members.reconfigEnabled());
        applyClientAddress(members);
        return new ServerConfig(build(), members);
    }

    private static Map<String, Setting> ofFlags(Map<String, String> flags) {
        Map<String, Setting> found = new LinkedHashMap<>();
        flags.forEach((name, value) -> {
            if (name.startsWith(FLAG_PREFIX) || PLAIN_FLAGS.contains(name)) {
                String key = name.startsWith(FLAG_PREFIX) ? name.substring(FLAG_PREFIX.length()) : name;
                found.put(key, new Setting(key, value.trim(), "JVM flag -D" + name));
            }
        });
        return found;
    }

    /** An operator should see all that is wrong at once. */
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (InvalidConfigException e) {
            problems.add(e.getMessage());
        }
    }

    private void failOnProblems() {
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(String.join(System.lineSeparator(), problems));
        }
    }

    private void sort(Setting setting) {
        @Nullable ServerKey key = ServerKey.of(setting.key());
        @Nullable EnsembleKey ensembleKey = EnsembleKey.of(setting.key());
        if (key != null) {
            settings.put(key, setting);
        } else if (ensembleKey != null) {
            ensemble.add(ensembleKey, setting);
        } else if (EnsembleReader.isAboutMembers(setting.key())) {
            ensemble.addMember(setting);
        } else if (!quorumTls.take(setting) && sections.stream().noneMatch(section -> section.take(setting))) {
            sortOther(setting);
        }
    }

    private void sortOther(Setting setting) {
        if (keysWithoutEffect == null) {
            keysWithoutEffect = KeysWithoutEffect.read();
        }
        @Nullable Advice advice = keysWithoutEffect.of(setting.key());
        if (advice == null) {
            @Nullable
            String nearest =
                    NearestKey.to(setting.key(), keysWithoutEffect.all().keySet());
            notices.accept(setting.place() + ": nobody knows the key " + setting.key()
                    + (nearest == null ? "; it sets nothing" : ". Is it " + nearest + "? As it is, it sets nothing"));
        } else if (advice.allows(setting.value())) {
            notices.accept(setting.place() + ": " + setting.key() + " sets nothing here. " + advice.instead());
        } else {
            throw setting.refused(advice.instead());
        }
    }

    private void apply(ServerKey key, Setting setting) {
        EmbeddedServer.Builder applied =
                switch (key) {
                    case DATA_DIR -> builder.dataDir(path(setting));
                    case DATA_LOG_DIR -> builder.dataLogDir(path(setting));
                    case CLIENT_PORT -> builder.port(setting.number(0, HIGHEST_PORT, ""));
                    case CLIENT_PORT_ADDRESS -> builder.host(setting.text());
                    case TICK_TIME -> builder.tickTime(Duration.ofMillis(tickMs()));
                    case MIN_SESSION_TIMEOUT -> builder.minSessionTimeout(timeout(setting, 2));
                    case MAX_SESSION_TIMEOUT -> builder.maxSessionTimeout(timeout(setting, 20));
                    case MAX_CNXNS ->
                        builder.maxConnections(Math.max(0, setting.number(-1, Integer.MAX_VALUE, "connections")));
                    case ENFORCE_QUOTA -> builder.enforceQuota(setting.trueOrFalse());
                    case MAX_CLIENT_CNXNS ->
                        builder.maxClientConnections(Math.max(0, setting.number(-1, Integer.MAX_VALUE, "connections")));
                    case FORCE_SYNC -> builder.fsync(setting.yesOrNo());
                    case SNAP_COUNT -> builder.snapshotAfterWrites(setting.number(2, Integer.MAX_VALUE, "writes"));
                    case PRE_ALLOC_SIZE ->
                        builder.logSegmentBytes(setting.number(LEAST_SEGMENT_KB, MOST_SEGMENT_KB, "kilobytes") << 10);
                    case SNAP_RETAIN_COUNT, PURGE_INTERVAL -> builder.retainedSnapshots(retainedSnapshots());
                    case JUTE_MAX_BUFFER -> maxBuffer(setting.number(LEAST_FRAME_BYTES, MOST_FRAME_BYTES, "bytes"));
                    case CONTAINER_CHECK_INTERVAL -> builder.containerCheckInterval(milliseconds(setting, 1));
                    case CONTAINER_MAX_NEVER_USED -> builder.containerMaxNeverUsed(milliseconds(setting, 0));
                };
        assert applied == builder;
    }

    /**
     * ZooKeeper removes nothing unless it is told how often; here that is done whenever a snapshot is saved, unless a file says that it
     * shall never be.
     */
    private int retainedSnapshots() {
        @Nullable Setting interval = settings.get(ServerKey.PURGE_INTERVAL);
        @Nullable Setting count = settings.get(ServerKey.SNAP_RETAIN_COUNT);
        boolean never = interval != null && interval.number(Integer.MIN_VALUE, Integer.MAX_VALUE, "hours") <= 0;
        int retained = count == null ? LEAST_RETAINED : count.number(0, Integer.MAX_VALUE, "snapshots");
        return never ? 0 : Math.max(LEAST_RETAINED, retained);
    }

    private EmbeddedServer.Builder maxBuffer(int bytes) {
        return builder.maxFrameBytes(bytes).maxResponseBytes(bytes);
    }

    private static Duration milliseconds(Setting setting, int least) {
        return Duration.ofMillis(setting.number(least, Integer.MAX_VALUE, "milliseconds"));
    }

    private int tickMs() {
        @Nullable Setting setting = settings.get(ServerKey.TICK_TIME);
        // Twenty of them must fit in the protocol's 32 bits.
        return setting == null ? ZOOKEEPER_TICK_MS : setting.number(1, Integer.MAX_VALUE / 20, "milliseconds");
    }

    /** -1 stands for so many ticks, as in ZooKeeper. */
    private Duration timeout(Setting setting, int ticks) {
        return setting.value().equals(String.valueOf(BY_TICKS))
                ? Duration.ofMillis((long) ticks * tickMs())
                : milliseconds(setting, 1);
    }

    private void requireOrderOfTimeouts() {
        @Nullable Setting least = settings.get(ServerKey.MIN_SESSION_TIMEOUT);
        @Nullable Setting most = settings.get(ServerKey.MAX_SESSION_TIMEOUT);
        if (!problems.isEmpty()) {
            return;
        }
        Duration min = least == null ? Duration.ofMillis(2L * tickMs()) : timeout(least, 2);
        Duration max = most == null ? Duration.ofMillis(20L * tickMs()) : timeout(most, 20);
        if (min.compareTo(max) <= 0) {
            return;
        }
        if (least != null) {
            throw least.refused("it must not be more than maxSessionTimeout, "
                    + (most == null ? "twenty ticks" : most.place()) + ": " + max.toMillis());
        } else if (most != null) {
            throw most.refused("it must not be less than minSessionTimeout, two ticks: " + min.toMillis());
        }
    }

    private Path path(Setting setting) {
        try {
            return Path.of(setting.text());
        } catch (InvalidPathException e) {
            throw setting.refused("it takes the name of a directory (" + e.getReason() + ")");
        }
    }

    /** The server's own line may say where clients connect, which the files of container images do. */
    private void applyClientAddress(EnsembleConfig members) {
        @Nullable Setting port = settings.get(ServerKey.CLIENT_PORT);
        @Nullable Setting address = settings.get(ServerKey.CLIENT_PORT_ADDRESS);
        @Nullable Member self = self(members);
        if (port == null && address != null) {
            throw address.refused("clientPort must be set, too");
        }
        if (self != null && self.clientPort() != null) {
            if (port != null && !port.value().equals(self.clientPort().toString())) {
                throw port.refused("server." + self.id() + " says that clients connect to " + self.clientPort());
            }
            builder.port(self.clientPort());
            if (self.clientHost() != null && address == null) {
                builder.host(self.clientHost());
            }
        } else if (port == null && !tls.hasPort()) {
            throw new InvalidConfigException(
                    file + ": neither clientPort nor secureClientPort is set; clients connect to one of them");
        }
    }

    private static @Nullable Member self(EnsembleConfig members) {
        if (members.myId() != null) {
            return members.members().get(members.myId());
        }
        return members.members().size() == 1
                ? members.members().values().iterator().next()
                : null;
    }

    private EmbeddedServerConfig build() {
        try {
            return builder.build().config();
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(file + ": " + e.getMessage(), e);
        }
    }
}
