package io.coord.server;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server offers to those who operate it; part of {@link EmbeddedServerConfig}, made by the same builder. HTTP needs
 * {@code io.netty:netty-codec-http} on the class path.
 *
 * @param fourLetterWords that are answered on the client port, in small letters, or {@code *} for all; {@code srvr} is answered
 *     in any case; ZooKeeper's {@code 4lw.commands.whitelist}
 * @param host the address on which the admin server listens; ZooKeeper's {@code admin.serverAddress}
 * @param port of the admin server, 0 for a free one; null for none; ZooKeeper's {@code admin.serverPort}
 * @param commandPath the path below which commands are, {@code /commands}; ZooKeeper's {@code admin.commandURL}
 * @param idleTimeout an HTTP connection that is silent for so long is closed; ZooKeeper's {@code admin.idleTimeout}
 * @param metricsHost the address on which metrics alone are offered; ZooKeeper's {@code metricsProvider.httpHost}
 * @param metricsPort 0 for a free one; null for none; ZooKeeper's {@code metricsProvider.httpPort}
 * @param exportJvmInfo whether metrics tell of the process, too; ZooKeeper's {@code metricsProvider.exportJvmInfo}
 * @param audit whether it is noted in the log who changed what; ZooKeeper's {@code audit.enable}
 */
public record AdminConfig(
        Set<String> fourLetterWords,
        String host,
        @Nullable Integer port,
        String commandPath,
        Duration idleTimeout,
        String metricsHost,
        @Nullable Integer metricsPort,
        boolean exportJvmInfo,
        boolean audit) {
    private static final int HIGHEST_PORT = 65_535;

    /** @throws IllegalArgumentException naming the setting and its value */
    public AdminConfig {
        fourLetterWords = Set.copyOf(fourLetterWords);
        requireHost("adminHost", host);
        requirePort("adminPort", port);
        requireHost("metricsHost", metricsHost);
        requirePort("metricsPort", metricsPort);
        if (!commandPath.startsWith("/") || commandPath.length() == 1 || commandPath.endsWith("/")) {
            throw new IllegalArgumentException(
                    "adminCommandPath is " + commandPath + ", not a path like /commands, with no slash at its end");
        }
        if (idleTimeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("adminIdleTimeout is " + idleTimeout + ", less than a millisecond");
        }
    }

    private static void requireHost(String name, String host) {
        if (host.isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
    }

    private static void requirePort(String name, @Nullable Integer port) {
        if (port != null && (port < 0 || port > HIGHEST_PORT)) {
            throw new IllegalArgumentException(name + " is " + port + ", not between 0 and " + HIGHEST_PORT);
        }
    }
}
