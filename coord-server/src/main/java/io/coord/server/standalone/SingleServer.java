package io.coord.server.standalone;

import io.coord.server.config.EnsembleConfig;
import io.coord.server.config.InvalidConfigException;
import io.coord.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Refuses what a single server would get wrong: an ensemble's configuration, and ZooKeeper's own data. */
final class SingleServer {
    private static final String ZOOKEEPER_FILES = "version-2";

    private SingleServer() {}

    /** @throws InvalidConfigException when this is not the configuration of a single server with data of its own */
    static void require(Path file, ServerConfig config, Consumer<String> notices) {
        EnsembleConfig ensemble = config.ensemble();
        if (ensemble.members().size() > 1) {
            throw new InvalidConfigException(file + ": it has "
                    + ensemble.members().size() + " servers ("
                    + names(ensemble) + "). This release runs single servers, no ensembles: to run one, leave out the"
                    + " server.N lines. To run several from one file would make several servers with different data.");
        }
        if (ensemble.members().size() == 1 && !ensemble.standaloneEnabled()) {
            notices.accept(
                    file + ": standaloneEnabled=false makes an ensemble of one in ZooKeeper, which others can join."
                            + " This release runs single servers: nobody can join this one.");
        }
        @Nullable Path dataDir = config.server().dataDir();
        if (dataDir != null && holdsZooKeeperData(dataDir) && !holdsOwnData(dataDir)) {
            throw new InvalidConfigException(file + ": dataDir=" + dataDir + " holds the data of a ZooKeeper server ("
                    + dataDir.resolve(ZOOKEEPER_FILES)
                    + "), and none of Coord's. Coord would start empty, so it does not start."
                    + " Import that data first (coord-server data import), or name another directory.");
        }
    }

    private static String names(EnsembleConfig ensemble) {
        List<String> names =
                ensemble.members().keySet().stream().map(id -> "server." + id).toList();
        return String.join(", ", names);
    }

    private static boolean holdsZooKeeperData(Path dataDir) {
        return hasFile(dataDir.resolve(ZOOKEEPER_FILES), "snapshot.")
                || hasFile(dataDir.resolve(ZOOKEEPER_FILES), "log.");
    }

    private static boolean holdsOwnData(Path dataDir) {
        return hasFile(dataDir, "segment-") || hasFile(dataDir, "snapshot-");
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
