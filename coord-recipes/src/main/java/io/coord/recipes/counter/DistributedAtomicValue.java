package io.coord.recipes.counter;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The data of a znode as one value that many processes change, each change whole or not at all. Curator's {@code
 * DistributedAtomicValue} reads and writes the same.
 *
 * <p>There is no result to be checked: a call returns when its change has happened, and throws otherwise. {@link
 * ContendedException} says that others were always faster until the call's time was over, and that nothing happened. When the
 * connection breaks before the answer came, the znode is looked at again, and mostly tells what became of the write; where it
 * cannot, the exception is an {@link io.coord.client.error.OutcomeUnknown}.
 *
 * <p>The functions that are passed run on a thread of the client, perhaps several times: they must not block, nor have effects.
 *
 * <p>Thread-safe: it holds no mutable state.
 *
 * <pre>{@code
 * DistributedAtomicValue value = new DistributedAtomicValue(client, "/values/plan");
 * value.initialize(bytes);
 * byte[] longer = value.updateAndGet(plan -> Arrays.copyOf(plan, plan.length + 1));
 * }</pre>
 */
public final class DistributedAtomicValue {
    private final AtomicCell cell;

    /** @param path of the znode, which need not exist */
    public DistributedAtomicValue(CoordClient client, String path) {
        this(client, path, client.requestTimeout(), null);
    }

    private DistributedAtomicValue(CoordClient client, String path, Duration timeout, @Nullable String lockPath) {
        this.cell = new AtomicCell(client, ZnodePath.validate(path), timeout, lockPath);
    }

    /**
     * @param timeout of each change, with all repetitions, instead of the client's
     * @param lockPath of a {@link io.coord.recipes.lock.Mutex} in which those queue up who have lost several races, so that
     *     each gets its turn; the same for all. Null for none.
     */
    public static DistributedAtomicValue promoted(
            CoordClient client, String path, Duration timeout, @Nullable String lockPath) {
        return new DistributedAtomicValue(client, path, timeout, lockPath);
    }

    public String path() {
        return cell.path;
    }

    /** The value; empty when there is none. */
    public Optional<byte[]> get() {
        return await(getAsync(), "get");
    }

    /** As {@link #get()}, without waiting. */
    public CompletionStage<Optional<byte[]>> getAsync() {
        return cell.update(current -> null, false).thenApply(outcome -> Optional.ofNullable(outcome.before()));
    }

    /** Sets the value, whatever it was. */
    public void set(byte[] value) {
        await(setAsync(value), "set");
    }

    /** As {@link #set}, without waiting. */
    public CompletionStage<Void> setAsync(byte[] value) {
        return cell.update(current -> value, false).thenApply(outcome -> null);
    }

    /**
     * Sets the value if there is none.
     *
     * @return whether it was set
     */
    public boolean initialize(byte[] value) {
        return await(initializeAsync(value), "initialize");
    }

    /** As {@link #initialize}, without waiting. */
    public CompletionStage<Boolean> initializeAsync(byte[] value) {
        return cell.update(current -> current == null ? value : null, false).thenApply(AtomicCell.Outcome::changed);
    }

    /**
     * Sets the value if it equals the expected one.
     *
     * @return whether it did
     */
    public boolean compareAndSet(byte[] expected, byte[] value) {
        return await(compareAndSetAsync(expected, value), "compareAndSet");
    }

    /** As {@link #compareAndSet}, without waiting. */
    public CompletionStage<Boolean> compareAndSetAsync(byte[] expected, byte[] value) {
        return cell.update(current -> current != null && Arrays.equals(current, expected) ? value : null, true)
                .thenApply(AtomicCell.Outcome::changed);
    }

    /**
     * Puts the result of the function in place of the value.
     *
     * @param change gets an empty array when there is no value
     * @return the new value
     */
    public byte[] updateAndGet(UnaryOperator<byte[]> change) {
        return await(updateAndGetAsync(change), "updateAndGet");
    }

    /** As {@link #updateAndGet}, without waiting. */
    public CompletionStage<byte[]> updateAndGetAsync(UnaryOperator<byte[]> change) {
        return update(change);
    }

    /** A change of which another's could look the same. */
    CompletableFuture<byte[]> update(UnaryOperator<byte[]> change) {
        return cell.update(current -> change.apply(current == null ? new byte[0] : current), true)
                .thenApply(outcome -> {
                    byte[] after = outcome.after();
                    return after == null ? new byte[0] : after;
                });
    }

    <T> T await(CompletionStage<T> stage, String operation) {
        return Callers.await(stage.toCompletableFuture(), operation, path());
    }
}
