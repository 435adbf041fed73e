package io.coord.server.internal.admin;

import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What operators are told of the settings of a server.
 *
 * @param clientPort -1 without one, or while it is not open
 * @param secureClientPort -1 without one
 * @param dataDir where snapshots are kept; null for a server in memory
 * @param dataLogDir where the log is kept; null for a server in memory
 * @param maxClientConnections from one address; 0 for any number
 */
public record ServerFacts(
        IntSupplier clientPort,
        IntSupplier secureClientPort,
        @Nullable Path dataDir,
        @Nullable Path dataLogDir,
        int tickTimeMs,
        int maxClientConnections,
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int listenBacklog) {}
