package io.coord.recipes.counter;

import io.coord.client.CoordClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A number that many processes change, in eight bytes, the highest first, as Curator's {@code DistributedAtomicLong} keeps it. A
 * znode that is missing or empty counts as 0.
 *
 * <p>What a call does when others write at the same time, or when its answer is lost, is said at {@link
 * DistributedAtomicValue}. Of an increment whose answer was lost it cannot be told apart from the same increment by somebody else
 * whether it happened, when just one such change is seen: then the call fails with an {@link
 * io.coord.client.error.OutcomeUnknown}, and counts at most once.
 *
 * <p>Thread-safe: it holds no mutable state.
 *
 * <pre>{@code
 * long id = new DistributedAtomicLong(client, "/ids/orders").incrementAndGet();
 * }</pre>
 */
public final class DistributedAtomicLong {
    private final DistributedAtomicValue value;

    /** @param path of the znode, which need not exist */
    public DistributedAtomicLong(CoordClient client, String path) {
        this.value = new DistributedAtomicValue(client, path);
    }

    private DistributedAtomicLong(DistributedAtomicValue value) {
        this.value = value;
    }

    /** As {@link DistributedAtomicValue#promoted}. */
    public static DistributedAtomicLong promoted(
            CoordClient client, String path, Duration timeout, @Nullable String lockPath) {
        return new DistributedAtomicLong(DistributedAtomicValue.promoted(client, path, timeout, lockPath));
    }

    public String path() {
        return value.path();
    }

    /**
     * @throws CounterFormatException when the znode holds something else
     */
    public long get() {
        return value.await(getAsync(), "get");
    }

    /** As {@link #get()}, without waiting. */
    public CompletionStage<Long> getAsync() {
        return value.getAsync().thenApply(found -> found.map(this::number).orElse(0L));
    }

    /** Sets the number, whatever was there. */
    public void set(long number) {
        value.set(bytes(number));
    }

    /** As {@link #set}, without waiting. */
    public CompletionStage<Void> setAsync(long number) {
        return value.setAsync(bytes(number));
    }

    /**
     * Sets the number if the znode is missing.
     *
     * @return whether it was set
     */
    public boolean initialize(long number) {
        return value.initialize(bytes(number));
    }

    /**
     * Sets the number if it equals the expected one.
     *
     * @return whether it did; a missing znode equals nothing
     */
    public boolean compareAndSet(long expected, long number) {
        return value.compareAndSet(bytes(expected), bytes(number));
    }

    public long incrementAndGet() {
        return addAndGet(1);
    }

    public long decrementAndGet() {
        return addAndGet(-1);
    }

    /** @throws CounterFormatException when the znode holds something else; nothing was changed */
    public long addAndGet(long delta) {
        return updateAndGet(number -> number + delta);
    }

    /** As {@link #addAndGet}, without waiting. */
    public CompletionStage<Long> addAndGetAsync(long delta) {
        return updateAndGetAsync(number -> number + delta);
    }

    /** @throws CounterFormatException when the znode holds something else; nothing was changed */
    public long updateAndGet(LongUnaryOperator change) {
        return value.await(updateAndGetAsync(change), "updateAndGet");
    }

    /** As {@link #updateAndGet}, without waiting. */
    public CompletionStage<Long> updateAndGetAsync(LongUnaryOperator change) {
        return value.update(current -> bytes(change.applyAsLong(number(current))))
                .thenApply(this::number);
    }

    private long number(byte[] data) {
        if (data.length == 0) {
            return 0;
        }
        if (data.length != Long.BYTES) {
            throw new CounterFormatException(path(), data.length, Long.BYTES);
        }
        return ByteBuffer.wrap(data).getLong();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
