package io.coord.client;

import io.coord.client.error.UnreadableDataException;
import io.coord.client.spi.ValueCodec;
import java.util.concurrent.CompletionStage;

/**
 * Ends a {@link GetDataBuilder} with a value instead of bytes, which are decompressed before where that was asked for.
 *
 * <pre>{@code
 * String greeting = client.getData().as(ValueCodec.utf8()).forPath("/config/greeting");
 * }</pre>
 *
 * @param <T> the value
 */
public final class TypedGetData<T> {
    private final GetDataBuilder read;
    private final ValueCodec<T> codec;

    TypedGetData(GetDataBuilder read, ValueCodec<T> codec) {
        this.read = read;
        this.codec = codec;
    }

    /**
     * @throws UnreadableDataException when what the znode holds is no such value
     * @throws io.coord.client.error.NoNodeException when the znode is not there; a watcher is not armed then
     */
    public T forPath(String path) {
        return decode(path, read.forPath(path));
    }

    /** As {@link #forPath}, without waiting. The value is decoded where the stage completes. */
    public CompletionStage<T> forPathAsync(String path) {
        return Operation.mapped(read.forPathAsync(path), data -> decode(path, data));
    }

    private T decode(String path, byte[] data) {
        try {
            return codec.decode(data);
        } catch (RuntimeException e) {
            throw new UnreadableDataException(read.operation, path, "the data is no such value", e);
        }
    }
}
