package io.coord.recipes.counter;

/**
 * The znode holds no number in the expected format. Nothing was changed.
 *
 * <pre>{@code
 * DistributedAtomicLong counter = new DistributedAtomicLong(client, "/ids/orders");
 * try {
 *     counter.incrementAndGet();
 * } catch (CounterFormatException e) {
 *     counter.set(0); // Somebody keeps something else there.
 * }
 * }</pre>
 */
public final class CounterFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CounterFormatException(String path, int bytes, int expected) {
        super(path + " holds " + bytes + " bytes; a number has " + expected);
    }
}
