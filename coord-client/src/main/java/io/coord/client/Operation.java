package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.SessionLoop;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.PathMapping;
import io.coord.client.session.SerialExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all operations have in common. A builder is used once, by one thread; its options may come in any order. The
 * blocking ending must not be used on threads of the client: there it throws {@link IllegalStateException}.
 *
 * <pre>{@code
 * byte[] data = client.getData().withTimeout(Duration.ofSeconds(1)).forPath("/config");
 * SerialExecutor queue = client.callbackExecutor();
 * client.checkExists().completingOn(queue).forPathAsync("/config").thenAccept(stat -> use(stat, data));
 * }</pre>
 *
 * @param <B> the builder itself
 */
public abstract sealed class Operation<B extends Operation<B>>
        permits AddWatchBuilder,
                CreateBuilder,
                DeleteBuilder,
                ReconfigBuilder,
                RemoveWatchBuilder,
                SetAclBuilder,
                SetDataBuilder,
                SyncBuilder,
                SyncableRead,
                TransactionBuilder,
                WhoAmIBuilder {
    private static final long LONGEST_NS = Long.MAX_VALUE / 4;

    final CoordClient client;
    final String operation;
    private long timeoutNs;
    private @Nullable SerialExecutor completions;

    Operation(CoordClient client, String operation) {
        this.client = client;
        this.operation = operation;
        this.timeoutNs = client.requestTimeoutNs();
    }

    abstract B self();

    /** The deadline of this call, retries and waiting for a connection included, instead of the client's. */
    public B withTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a timeout must not be negative: " + timeout);
        }
        this.timeoutNs = boundedNanos(timeout);
        return self();
    }

    /**
     * Completes the stage of the asynchronous ending on this queue instead of the client's callback threads, for code
     * that owns its state by such a queue.
     *
     * @param queue from {@link CoordClient#serialExecutor()}
     */
    public B completingOn(SerialExecutor queue) {
        this.completions = queue;
        return self();
    }

    final PathMapping paths() {
        return client.paths();
    }

    final SessionLoop loop() {
        return client.loop();
    }

    final long timeoutNs() {
        return timeoutNs;
    }

    /** For the blocking ending. */
    final <T extends @Nullable Object> BlockingResult<T> waiting(@Nullable String path) {
        return new BlockingResult<>(operation, path, timeoutNs);
    }

    /** For the asynchronous ending. */
    final <T extends @Nullable Object> StageResult<T> stage() {
        return loop().newStage(completions);
    }

    /**
     * A stage with what becomes of another one's value, made where that one completes. As for that one, waiting is refused
     * on threads of the client, and a failure comes as it is, not wrapped.
     */
    static <S extends @Nullable Object, T extends @Nullable Object> CompletionStage<T> mapped(
            CompletionStage<S> source, Function<S, T> mapping) {
        CompletableFuture<T> target = source.toCompletableFuture().newIncompleteFuture();
        source.whenComplete((value, failure) -> {
            if (failure != null) {
                target.completeExceptionally(failure);
                return;
            }
            T mapped;
            try {
                mapped = mapping.apply(value);
            } catch (RuntimeException e) {
                target.completeExceptionally(e);
                return;
            }
            target.complete(mapped);
        });
        return target;
    }

    static long boundedNanos(Duration timeout) {
        return timeout.toSeconds() >= LONGEST_NS / 1_000_000_000L ? LONGEST_NS : timeout.toNanos();
    }
}
