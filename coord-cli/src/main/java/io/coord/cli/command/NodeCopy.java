package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One znode as it is kept outside of a server: what a create needs, as far as servers tell it. Whether a znode is a container or has a time
 * to live, none does: where both are kept, in what else is the ephemeral's owner, a client gets 0 (ZooKeeper's {@code DataNode.copyStat}).
 */
record NodeCopy(String path, byte @Nullable [] data, List<Acl> acl) {
    /** What became of a write. */
    enum Outcome {
        CREATED,
        CHANGED,
        EQUAL,
        /** There was no parent, or it went meanwhile: somebody else changes things, too. */
        MISSED
    }

    /** Null when it is not there, or belongs to a session, which no copy can have. */
    static CompletionStage<@Nullable NodeCopy> read(CoordClient client, String path) {
        StatHolder stat = new StatHolder();
        CompletionStage<List<Acl>> acl = client.getACL().forPathAsync(path);
        CompletionStage<byte @Nullable []> data =
                client.getData().storingStatIn(stat).orNull().forPathAsync(path);
        CompletableFuture<@Nullable NodeCopy> result = new CompletableFuture<>();
        data.thenCombine(acl, (bytes, entries) -> of(path, bytes, entries, stat.get()))
                .whenComplete((node, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause == null || cause instanceof NoNodeException) {
                        result.complete(node);
                    } else {
                        result.completeExceptionally(cause);
                    }
                });
        return result;
    }

    private static @Nullable NodeCopy of(String path, byte @Nullable [] data, List<Acl> acl, Stat stat) {
        return stat.ephemeralOwner() == 0 ? new NodeCopy(path, data, acl) : null;
    }

    NodeCopy at(String otherPath) {
        return new NodeCopy(otherPath, data, acl);
    }

    boolean isSameAs(@Nullable NodeCopy other) {
        return other != null && Arrays.equals(data, other.data) && acl.equals(other.acl);
    }

    /**
     * Makes the znode what this copy is, whatever is there, and looks before it writes, so that doing it twice changes nothing.
     *
     * @param mode for a znode that is not there yet
     * @param present what is there; null when nothing is
     */
    CompletionStage<Outcome> writeTo(CoordClient client, CreateMode mode, @Nullable NodeCopy present) {
        return write(client, mode, present)
                .handle((outcome, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause == null) {
                        return CompletableFuture.completedFuture(outcome);
                    }
                    return cause instanceof NoNodeException
                            ? CompletableFuture.completedFuture(Outcome.MISSED)
                            : CompletableFuture.<Outcome>failedFuture(cause);
                })
                .thenCompose(outcome -> outcome);
    }

    private CompletionStage<Outcome> write(CoordClient client, CreateMode mode, @Nullable NodeCopy present) {
        if (present == null) {
            return client.create()
                    .withMode(mode)
                    .withACL(acl)
                    .orSetData()
                    .idempotent()
                    .forPathAsync(path, data)
                    .thenApply(created -> Outcome.CREATED);
        }
        if (isSameAs(present)) {
            return CompletableFuture.completedFuture(Outcome.EQUAL);
        }
        CompletionStage<?> done = CompletableFuture.completedFuture(null);
        if (!Arrays.equals(data, present.data)) {
            done = client.setData().idempotent().forPathAsync(path, data);
        }
        Supplier<CompletionStage<Stat>> rights =
                () -> client.setACL().withACL(acl).forPathAsync(path);
        CompletionStage<?> both = acl.equals(present.acl) ? done : done.thenCompose(written -> rights.get());
        return both.thenApply(written -> Outcome.CHANGED);
    }

    /** Waits for each; the first failure is thrown when all are over. */
    static <T> List<T> awaitAll(List<? extends CompletionStage<T>> stages) throws InterruptedException {
        List<T> values = new ArrayList<>(stages.size());
        CoordException first = null;
        for (CompletionStage<T> each : stages) {
            try {
                values.add(TreeReader.await(each));
            } catch (CoordException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return values;
    }
}
