package io.coord.recipes.internal.queue;

import io.coord.client.CoordClient;
import io.coord.client.ReadOp;
import io.coord.client.ReadResult;
import io.coord.client.StatHolder;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.ResponseTooLargeException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.UnreadableDataException;
import io.coord.client.error.UnsupportedByServerException;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads a whole queue from outside: the list, then its znodes, hundreds with one request and all requests on their way at once.
 * Thread-safe: it has no state.
 */
public final class QueueNodes {
    /** Some 60 KB of an answer, with the data that locks write. */
    private static final int READS_OF_ONE_REQUEST = 250;

    private final CoordClient client;
    private final String directory;

    private QueueNodes(CoordClient client, String directory) {
        this.client = client;
        this.directory = directory;
    }

    /**
     * @return in the order of service, without those that went meanwhile; empty when there is no such queue. Completes on a
     *     callback thread, or with a {@link CoordException}
     */
    public static CompletionStage<List<QueueNode>> read(CoordClient client, String directory) {
        QueueNodes nodes = new QueueNodes(client, directory);
        return client.getChildren()
                .forPathAsync(directory)
                .handle((names, failure) ->
                        failure == null ? names : QueueNodes.<List<String>>ifMissing(failure, List.of()))
                .thenCompose(names -> nodes.readAll(QueueEntry.sorted(names)));
    }

    private CompletionStage<List<QueueNode>> readAll(List<QueueEntry> entries) {
        List<CompletionStage<List<QueueNode>>> parts = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += READS_OF_ONE_REQUEST) {
            parts.add(readTogether(entries.subList(from, Math.min(entries.size(), from + READS_OF_ONE_REQUEST))));
        }
        return inOrder(parts);
    }

    private CompletionStage<List<QueueNode>> readTogether(List<QueueEntry> entries) {
        if (entries.size() == 1) {
            return readAlone(entries.get(0));
        }
        List<ReadOp> reads =
                entries.stream().map(entry -> ReadOp.getData(path(entry))).toList();
        return client.multiRead()
                .forOperationsAsync(reads)
                .handle((results, failure) -> {
                    if (failure == null) {
                        return taken(entries, results);
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof ResponseTooLargeException
                            || cause instanceof ServerErrorException
                            || cause instanceof UnsupportedByServerException) {
                        // Long data, or an old server.
                        return inOrder(entries.stream().map(this::readAlone).toList());
                    }
                    throw cause;
                })
                .thenCompose(stage -> stage);
    }

    private CompletionStage<List<QueueNode>> taken(List<QueueEntry> entries, List<ReadResult> results) {
        List<CompletionStage<List<QueueNode>>> nodes = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            QueueEntry entry = entries.get(i);
            ReadResult result = results.get(i);
            if (result instanceof ReadResult.Data read) {
                QueueNode node = new QueueNode(path(entry), entry, read.stat(), read.data());
                nodes.add(CompletableFuture.completedFuture(List.of(node)));
            } else if (result instanceof ReadResult.Failed failed) {
                nodes.add(afterFailure(entry, failed.failure()));
            }
        }
        return inOrder(nodes);
    }

    private CompletionStage<List<QueueNode>> afterFailure(QueueEntry entry, CoordException failure) {
        if (failure instanceof NoNodeException) {
            return CompletableFuture.completedFuture(List.of());
        }
        return failure instanceof UnreadableDataException ? readAlone(entry) : CompletableFuture.failedFuture(failure);
    }

    private CompletionStage<List<QueueNode>> readAlone(QueueEntry entry) {
        StatHolder stat = new StatHolder();
        return ForeignData.read(client, path(entry), stat)
                .handle((data, failure) -> failure == null
                        ? List.of(new QueueNode(path(entry), entry, stat.get(), data))
                        : QueueNodes.<List<QueueNode>>ifMissing(failure, List.of()));
    }

    private String path(QueueEntry entry) {
        return ZnodePath.child(directory, entry.name());
    }

    private static CompletionStage<List<QueueNode>> inOrder(List<CompletionStage<List<QueueNode>>> parts) {
        CompletableFuture<?>[] all =
                parts.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenApply(done -> {
            List<QueueNode> nodes = new ArrayList<>();
            parts.forEach(part -> nodes.addAll(part.toCompletableFuture().join()));
            return nodes;
        });
    }

    private static <T> T ifMissing(Throwable failure, T instead) {
        RuntimeException cause = Callers.asUnchecked(failure);
        if (cause instanceof NoNodeException) {
            return instead;
        }
        throw cause;
    }
}
