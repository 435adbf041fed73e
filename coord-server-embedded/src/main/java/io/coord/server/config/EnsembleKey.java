package io.coord.server.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key of {@code zoo.cfg} that says something of the ensemble. {@code docs/SERVER.md} has a row for each. */
enum EnsembleKey {
    ENSEMBLE_NAME("ensembleName"),
    INIT_LIMIT("initLimit"),
    SYNC_LIMIT("syncLimit"),
    PEER_TYPE("peerType"),
    STANDALONE_ENABLED("standaloneEnabled"),
    RECONFIG_ENABLED("reconfigEnabled"),
    DYNAMIC_CONFIG_FILE("dynamicConfigFile"),
    QUORUM_LISTEN_ON_ALL_IPS("quorumListenOnAllIPs"),
    LEADER_SERVES("leaderServes");

    private static final Map<String, EnsembleKey> BY_NAME = new HashMap<>();

    static {
        for (EnsembleKey key : values()) {
            BY_NAME.put(key.spelling, key);
        }
    }

    final String spelling;

    EnsembleKey(String spelling) {
        this.spelling = spelling;
    }

    static @Nullable EnsembleKey of(String spelling) {
        return BY_NAME.get(spelling);
    }
}
