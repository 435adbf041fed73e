package io.coord.server.config;

import io.coord.server.EmbeddedServerConfig;
import io.coord.server.EnsembleSettings;
import io.coord.server.EnsembleTls;
import io.coord.server.config.EnsembleConfig.Member;
import io.coord.server.config.EnsembleConfig.PeerAddress;
import io.coord.server.internal.replication.MemberLine;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes a server a member of the ensemble that its file names, and refuses what this release does not do. */
public final class EnsembleMember {
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private EnsembleMember() {}

    /**
     * The settings of the server, as a member where the file has more than one {@code server.N}: one alone is a single server, as
     * container images write it, unless {@code standaloneEnabled} is off.
     *
     * @param file that the configuration was read from
     * @throws InvalidConfigException when no member can be started from it
     */
    public static EmbeddedServerConfig of(Path file, ServerConfig config) {
        EmbeddedServerConfig server = config.server();
        @Nullable Path dataDir = server.dataDir();
        int least = config.ensemble().standaloneEnabled() ? 2 : 1;
        if (config.ensemble().members().size() < least || dataDir == null) {
            return server;
        }
        try {
            return server.withEnsemble(
                    settings(file, dataDir, config.ensemble(), server.tickTime(), server.minSessionTimeout()));
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(file + ": " + e.getMessage(), e);
        }
    }

    /** @param shortestSession the shortest session time-out, before whose end a member must notice that it is cut off */
    private static EnsembleSettings settings(
            Path file, Path dataDir, EnsembleConfig config, Duration tick, Duration shortestSession) {
        @Nullable Long id = config.myId();
        if (id == null) {
            throw refused(
                    file,
                    "it has " + config.members().size() + " server.N lines, and " + dataDir.resolve("myid")
                            + " is missing, which says which of them this server is");
        }
        if (!config.members().containsKey(id)) {
            throw refused(file, dataDir.resolve("myid") + " says " + id + ", and there is no line server." + id);
        }
        require(file, config.initLimit() > 0, "initLimit is not set, which an ensemble needs");
        require(file, config.syncLimit() > 0, "syncLimit is not set, which an ensemble needs");
        require(
                file,
                config.groups().isEmpty() && config.weights().isEmpty(),
                "group.N and weight.N make hierarchical quorums, which are not there yet");
        EnsembleSettings.Builder settings = EnsembleSettings.builder(number(file, id))
                .name(config.name())
                .listenOnAllAddresses(config.listenOnAllAddresses())
                .standaloneEnabled(config.standaloneEnabled())
                .syncTimeout(syncTimeout(config, tick, shortestSession));
        for (Member each : config.members().values()) {
            require(
                    file,
                    each.addresses().size() == 1,
                    "server." + each.id() + " has several addresses, which is not there yet");
            PeerAddress address = each.addresses().get(0);
            int number = number(file, each.id());
            settings.member(new EnsembleSettings.Member(
                    number,
                    address.host(),
                    address.quorumPort(),
                    address.electionPort(),
                    each.observer(),
                    clientAddress(each)));
        }
        @Nullable EnsembleTls tls = config.tls();
        return (tls == null ? settings : settings.tls(tls)).build();
    }

    private static @Nullable String clientAddress(Member member) {
        @Nullable String host = member.clientHost();
        @Nullable Integer port = member.clientPort();
        return host == null || port == null ? null : MemberLine.clientAddress(host, port);
    }

    private static Duration syncTimeout(EnsembleConfig config, Duration tick, Duration shortestSession) {
        Duration asked = tick.multipliedBy(config.syncLimit());
        Duration most = shortestSession.dividedBy(2);
        Duration least = asked.compareTo(most) < 0 ? asked : most;
        return least.compareTo(SHORTEST) < 0 ? SHORTEST : least;
    }

    private static int number(Path file, long id) {
        require(file, id <= Integer.MAX_VALUE, "server." + id + " has a number above " + Integer.MAX_VALUE);
        return (int) id;
    }

    private static void require(Path file, boolean condition, String otherwise) {
        if (!condition) {
            throw refused(file, otherwise);
        }
    }

    private static InvalidConfigException refused(Path file, String why) {
        return new InvalidConfigException(file + ": " + why);
    }
}
