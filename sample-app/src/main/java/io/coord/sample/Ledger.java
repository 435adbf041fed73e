package io.coord.sample;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.TransactionOp;
import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A znode whose children each say that some pieces of an item came or went, and whose own data carry forward the sum of
 * those that were cleared away. Read and cleared under the stock's lock, so nobody writes meanwhile.
 */
final class Ledger {

    /** Far below what a request may hold. */
    private static final int MOST_CLEARED_AT_ONCE = 500;

    /** What orders and deliveries have in common. */
    private record Line(String item, int quantity) {}

    private record Entry(String path, Stat stat, Line line) {}

    private record Content(Map<String, Long> carried, Stat stat, List<Entry> entries) {}

    private final CoordClient client;
    private final ZnodeJson json;
    private final String path;

    Ledger(CoordClient client, ZnodeJson json, String path) {
        this.client = client;
        this.json = json;
        this.path = path;
    }

    /** Pieces of each item, from the first entry ever to the last. */
    Map<String, Long> sums() {
        Content content = read();
        Map<String, Long> sums = new TreeMap<>(content.carried);
        for (Entry entry : content.entries) {
            sums.merge(entry.line.item, (long) entry.line.quantity, Long::sum);
        }
        return sums;
    }

    /** The writes that clear the oldest entries away and carry their sum forward; none when there are not too many. */
    List<TransactionOp> clearing(int keep) {
        Content content = read();
        List<Entry> oldest = content.entries.stream()
                .sorted(Comparator.comparingLong(entry -> entry.stat.czxid()))
                .limit(Math.min(MOST_CLEARED_AT_ONCE, Math.max(0, content.entries.size() - keep)))
                .toList();
        if (oldest.isEmpty()) {
            return List.of();
        }
        List<TransactionOp> writes = new ArrayList<>(oldest.size() + 1);
        Map<String, Long> carried = new TreeMap<>(content.carried);
        for (Entry entry : oldest) {
            carried.merge(entry.line.item, (long) entry.line.quantity, Long::sum);
            writes.add(client.transactionOp().delete().forPath(entry.path));
        }
        writes.add(client.transactionOp()
                .setData()
                .withVersion(content.stat.version())
                .forPath(path, json.write(carried)));
        return writes;
    }

    private Content read() {
        StatHolder stat = new StatHolder();
        Map<String, Long> carried = new TreeMap<>();
        json.readTree(client.getData().storingStatIn(stat).forPath(path))
                .forEachEntry((item, pieces) -> carried.put(item, pieces.longValue()));
        List<CompletableFuture<Entry>> reads = new ArrayList<>();
        for (String name : client.getChildren().forPath(path)) {
            reads.add(read(path + '/' + name).toCompletableFuture());
        }
        try {
            return new Content(
                    carried,
                    stat.get(),
                    reads.stream().map(CompletableFuture::join).toList());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private CompletionStage<Entry> read(String entry) {
        StatHolder stat = new StatHolder();
        return client.getData()
                .storingStatIn(stat)
                .forPathAsync(entry)
                .thenApply(data -> new Entry(entry, stat.get(), json.read(data, Line.class)));
    }
}
