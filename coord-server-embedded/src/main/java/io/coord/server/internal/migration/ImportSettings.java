package io.coord.server.internal.migration;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * @param dataDir ZooKeeper's {@code dataDir}, or its {@code version-2}; not written to
 * @param dataLogDir ZooKeeper's {@code dataLogDir}, null when it has none
 * @param target Coord's data directory, to be made; must not exist, or be empty
 * @param keepsSessions whether sessions live on with their ephemerals, each for its time-out from Coord's start
 * @param convertsTimesToLiveOf353 whether the owners that 3.5.3 gave to znodes with a time to live are taken for such; else they
 *     are those of sessions
 */
public record ImportSettings(
        Path dataDir,
        @Nullable Path dataLogDir,
        Path target,
        boolean keepsSessions,
        boolean convertsTimesToLiveOf353) {}
