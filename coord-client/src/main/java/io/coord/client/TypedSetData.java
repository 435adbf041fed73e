package io.coord.client;

import io.coord.client.spi.ValueCodec;
import io.coord.protocol.data.Stat;
import java.util.concurrent.CompletionStage;

/**
 * Ends a {@link SetDataBuilder} with a value instead of bytes, which are compressed afterwards where that was asked for. Errors, and
 * whether the effect may have happened: as there. What the codec throws comes out of the call; nothing was sent then.
 *
 * <pre>{@code
 * client.setData().withVersion(0).as(ValueCodec.utf8()).forPath("/config/greeting", "good morning");
 * }</pre>
 *
 * @param <T> the value
 */
public final class TypedSetData<T> {
    private final SetDataBuilder write;
    private final ValueCodec<T> codec;

    TypedSetData(SetDataBuilder write, ValueCodec<T> codec) {
        this.write = write;
        this.codec = codec;
    }

    /** @return the new stat */
    public Stat forPath(String path, T value) {
        return write.forPath(path, codec.encode(value));
    }

    /** As {@link #forPath}, without waiting. The value is encoded before it returns. */
    public CompletionStage<Stat> forPathAsync(String path, T value) {
        return write.forPathAsync(path, codec.encode(value));
    }
}
