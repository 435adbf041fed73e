package io.coord.server.internal.migration;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the znodes with quotas hold, counted anew as ZooKeeper does whenever it starts: it changes these numbers without a
 * transaction, so neither its snapshots nor its logs have them right.
 */
final class QuotaStatistics {
    private static final String QUOTAS = "/zookeeper/quota";
    private static final String LIMITS = "zookeeper_limits";
    private static final String STATISTICS = "zookeeper_stats";

    private final ImportedState state;
    private int quotas;

    private QuotaStatistics(ImportedState state) {
        this.state = state;
    }

    /** @return how many quotas there are */
    static int recount(ImportedState state) {
        QuotaStatistics statistics = new QuotaStatistics(state);
        statistics.search();
        return statistics.quotas;
    }

    private void search() {
        Deque<String> paths = new ArrayDeque<>();
        paths.add(QUOTAS);
        while (!paths.isEmpty()) {
            String path = paths.remove();
            @Nullable ImportedNode node = state.get(path);
            if (node == null) {
                continue;
            }
            if (node.children().contains(LIMITS) && path.length() > QUOTAS.length()) {
                recount(path);
            }
            node.children().forEach(name -> paths.add(ImportedState.childOf(path, name)));
        }
    }

    private void recount(String quota) {
        quotas++;
        @Nullable ImportedNode statistics = state.get(quota + '/' + STATISTICS);
        if (statistics == null) {
            return;
        }
        long count = 0;
        long bytes = 0;
        Deque<String> paths = new ArrayDeque<>();
        paths.add(quota.substring(QUOTAS.length()));
        while (!paths.isEmpty()) {
            String path = paths.remove();
            @Nullable ImportedNode node = state.get(path);
            if (node != null) {
                count++;
                bytes += node.dataLength();
                node.children().forEach(name -> paths.add(ImportedState.childOf(path, name)));
            }
        }
        statistics.data = ("count=" + count + ",bytes=" + bytes).getBytes(StandardCharsets.UTF_8);
    }
}
