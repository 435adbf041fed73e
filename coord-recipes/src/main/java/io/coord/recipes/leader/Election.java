package io.coord.recipes.leader;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.queue.ForeignData;
import io.coord.recipes.internal.queue.QueueEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A look at an election from outside. Thread-safe: it has no state. */
public final class Election {
    private Election() {}

    /**
     * All candidates in the order in which they will lead; empty when there are none. One read for the list and one for each
     * candidate; one that goes meanwhile is left out.
     *
     * @param path the path of the latches
     * @return completes on a callback thread of the client, or with a {@link io.coord.client.error.CoordException}
     */
    public static CompletionStage<List<Participant>> participants(CoordClient client, String path) {
        return client.getChildren()
                .forPathAsync(path)
                .handle((names, failure) ->
                        failure == null ? names : Election.<List<String>>ifMissing(failure, List.of()))
                .thenCompose(names -> read(client, path, names));
    }

    private static CompletionStage<List<Participant>> read(CoordClient client, String path, List<String> names) {
        List<CompletableFuture<Optional<Participant>>> reads = new ArrayList<>(names.size());
        for (QueueEntry entry : QueueEntry.sorted(names)) {
            reads.add(read(client, ZnodePath.child(path, entry.name())).toCompletableFuture());
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    List<Participant> present = new ArrayList<>(reads.size());
                    for (CompletableFuture<Optional<Participant>> read : reads) {
                        read.join()
                                .ifPresent(found -> present.add(new Participant(
                                        found.id(),
                                        present.isEmpty(),
                                        found.path(),
                                        found.sessionId(),
                                        found.fencingToken())));
                    }
                    return List.copyOf(present);
                });
    }

    private static CompletionStage<Optional<Participant>> read(CoordClient client, String path) {
        StatHolder stat = new StatHolder();
        return ForeignData.read(client, path, stat).handle((data, failure) -> {
            if (failure != null) {
                return ifMissing(failure, Optional.empty());
            }
            String id = new String(data, StandardCharsets.UTF_8);
            return Optional.of(new Participant(
                    id, false, path, stat.get().ephemeralOwner(), stat.get().czxid()));
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
