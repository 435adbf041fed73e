package io.coord.server.standalone;

import io.coord.server.config.EnsembleConfig;
import io.coord.server.config.InvalidConfigException;
import io.coord.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Refuses a data directory of ZooKeeper's, which Coord would take for an empty one. */
final class OwnData {
    private static final String ZOOKEEPER_FILES = "version-2";

    private OwnData() {}

    /** @throws InvalidConfigException when the data in the directory is not Coord's */
    static void require(Path file, ServerConfig config, Consumer<String> notices) {
        EnsembleConfig ensemble = config.ensemble();
        if (ensemble.members().size() == 1 && !ensemble.standaloneEnabled()) {
            notices.accept(
                    file + ": standaloneEnabled=false makes an ensemble of one in ZooKeeper, which others can join."
                            + " Here it is a single server: nobody can join it.");
        }
        @Nullable Path dataDir = config.server().dataDir();
        if (dataDir != null && holdsZooKeeperData(dataDir) && !holdsOwnData(dataDir)) {
            throw new InvalidConfigException(file + ": dataDir=" + dataDir + " holds the data of a ZooKeeper server ("
                    + dataDir.resolve(ZOOKEEPER_FILES)
                    + "), and none of Coord's. Coord would start empty, so it does not start."
                    + " Import that data first (coord-server data import), or name another directory.");
        }
    }

    private static boolean holdsZooKeeperData(Path dataDir) {
        return hasFile(dataDir.resolve(ZOOKEEPER_FILES), "snapshot.")
                || hasFile(dataDir.resolve(ZOOKEEPER_FILES), "log.");
    }

    private static boolean holdsOwnData(Path dataDir) {
        return hasFile(dataDir, "segment-") || hasFile(dataDir, "snapshot-") || hasFile(dataDir, "ensemble");
    }

    private static boolean hasFile(Path directory, String beginning) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(beginning));
        } catch (IOException e) {
            throw new InvalidConfigException(directory + " cannot be read: " + e);
        }
    }
}
