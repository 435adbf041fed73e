package io.coord.recipes.counter;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/**
 * A number that every process follows and may change, in four bytes, the highest first, as Curator's {@code SharedCount} keeps
 * it. For numbers that are seldom changed and often read, such as limits; to count, use {@link DistributedAtomicLong}.
 *
 * <p>Thread-safe: see {@link SharedValue}.
 *
 * <pre>{@code
 * SharedCount limit = new SharedCount(client, "/limits/permits", 10).start();
 * limit.addListener(newer -> use(newer));
 * limit.set(limit.get() + 1);
 * }</pre>
 */
public final class SharedCount implements AutoCloseable {
    private final SharedValue value;

    /** @param seed what the number is when nobody has set it */
    public SharedCount(CoordClient client, String path, int seed) {
        this.value = new SharedValue(client, path, bytes(seed));
    }

    /** As {@link SharedValue#start()}. */
    public SharedCount start() {
        value.start();
        return this;
    }

    /** As {@link SharedValue#awaitReady}. */
    public boolean awaitReady(Duration timeout) {
        return value.awaitReady(timeout);
    }

    public String path() {
        return value.path();
    }

    /**
     * The newest number that was seen; the seed before the first was.
     *
     * @throws CounterFormatException when the znode holds something else
     */
    public int get() {
        return number(value.get());
    }

    /** As {@link #get()}, with what {@link #trySet} needs. */
    public VersionedValue versioned() {
        return value.versioned();
    }

    /** The number in a versioned value of this count. */
    public int numberOf(VersionedValue versioned) {
        return number(versioned.bytes());
    }

    /** Whether the number is known to be the newest, as far as this client can tell. */
    public boolean isInSync() {
        return value.isInSync();
    }

    /** As {@link SharedValue#trySet}. */
    public Optional<VersionedValue> trySet(VersionedValue previous, int number) {
        return value.trySet(previous, bytes(number));
    }

    /** As {@link SharedValue#set}. */
    public void set(int number) {
        value.set(bytes(number));
    }

    /** As {@link SharedValue#setAsync}. */
    public CompletionStage<VersionedValue> setAsync(int number) {
        return value.setAsync(bytes(number));
    }

    /** As {@link SharedValue#addListener}; what is no number is not told. */
    public Registration addListener(IntConsumer listener) {
        return value.addListener(versioned -> {
            OptionalInt number = parsed(versioned.bytes());
            number.ifPresent(listener);
        });
    }

    @Override
    public void close() {
        value.close();
    }

    private int number(byte[] data) {
        return parsed(data).orElseThrow(() -> new CounterFormatException(path(), data.length, Integer.BYTES));
    }

    private static OptionalInt parsed(byte[] data) {
        return data.length == Integer.BYTES
                ? OptionalInt.of(ByteBuffer.wrap(data).getInt())
                : OptionalInt.empty();
    }

    private static byte[] bytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }
}
