package io.coord.spring.autoconfigure.embedded;

import io.coord.server.EnsembleSettings;
import io.coord.spring.autoconfigure.CoordProperties;
import java.nio.file.Path;
import java.util.Map.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.util.ClassUtils;

/** What {@code coord.server.ensemble} says of the servers that share a log with the one in this process. */
final class EnsembleMembers {

    private static final String KEY = "coord.server.ensemble.";

    /** On the class path when members can be made. */
    private static final String MEMBERSHIP = "io.coord.server.ensemble.internal.RatisReplication";

    /** As a line {@code server.N} of {@code zoo.cfg}. An IPv6 address stands in brackets. */
    private static final Pattern MEMBER =
            Pattern.compile("(\\[[^\\]]+]|[^:]+):(\\d{1,5}):(\\d{1,5})(:observer|:participant)?");

    private EnsembleMembers() {}

    static EnsembleSettings settings(CoordProperties.Server server, @Nullable ClassLoader classLoader) {
        if (!ClassUtils.isPresent(MEMBERSHIP, classLoader)) {
            throw new FailureAnalyzedException(
                    "Coord is to run a server of an ensemble in this process, because coord.mode says so, but what makes one is"
                            + " not on the classpath.",
                    "Add the dependency 'io.coord:coord-server-ensemble', or set 'coord.connect-string' to use servers that run"
                            + " elsewhere.");
        }
        Path directory = server.dataDir();
        if (directory == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "coord.server.data-dir",
                    null,
                    "It must be set for a server of an ensemble, which has to remember.");
        }
        CoordProperties.Ensemble ensemble = server.ensemble();
        Integer id = ensemble.id();
        if (id == null || !ensemble.members().containsKey(id)) {
            throw new InvalidConfigurationPropertyValueException(
                    KEY + "id",
                    id,
                    "It must be the number of this server, one of those that '" + KEY + "members' has: "
                            + ensemble.members().keySet() + ".");
        }
        EnsembleSettings.Builder builder = EnsembleSettings.builder(id)
                .name(ensemble.name())
                .listenOnAllAddresses(ensemble.listenOnAllAddresses())
                .electionTimeout(ensemble.electionTimeout());
        PropertyMapper.get().from(ensemble::syncTimeout).to(builder::syncTimeout);
        for (Entry<Integer, String> each : ensemble.members().entrySet()) {
            add(builder, each.getKey(), each.getValue());
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(
                    KEY + "members", ensemble.members(), e.getMessage() + ".");
        }
    }

    private static void add(EnsembleSettings.Builder builder, int id, String member) {
        Matcher parts = MEMBER.matcher(member.strip());
        if (!parts.matches()) {
            throw new InvalidConfigurationPropertyValueException(
                    KEY + "members." + id,
                    member,
                    "It must be 'host:port:port', as 'server." + id
                            + "' in a zoo.cfg, with ':observer' behind it for one" + " without a vote.");
        }
        String host = parts.group(1);
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int logPort = Integer.parseInt(parts.group(2));
        int linkPort = Integer.parseInt(parts.group(3));
        try {
            if (":observer".equals(parts.group(4))) {
                builder.observer(id, plain, logPort, linkPort);
            } else {
                builder.voter(id, plain, logPort, linkPort);
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(KEY + "members." + id, member, e.getMessage() + ".");
        }
    }
}
