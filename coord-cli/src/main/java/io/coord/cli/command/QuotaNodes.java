package io.coord.cli.command;

import io.coord.protocol.data.ZnodePath;

/** Where servers look for quotas. */
final class QuotaNodes {
    static final String ROOT = "/zookeeper/quota";
    static final String LIMITS = "zookeeper_limits";
    static final String STATS = "zookeeper_stats";

    private QuotaNodes() {}

    static String of(String path) {
        return path.equals("/") ? ROOT : ROOT + ZnodePath.validate(path);
    }

    static String limits(String path) {
        return of(path) + '/' + LIMITS;
    }

    static String stats(String path) {
        return of(path) + '/' + STATS;
    }
}
