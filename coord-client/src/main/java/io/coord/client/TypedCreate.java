package io.coord.client;

import io.coord.client.spi.ValueCodec;
import java.util.concurrent.CompletionStage;

/**
 * Ends a {@link CreateBuilder} with a value instead of bytes, which are compressed afterwards where that was asked for. Errors, and
 * whether the effect may have happened: as there. What the codec throws comes out of the call; nothing was sent then.
 *
 * <pre>{@code
 * client.create().as(ValueCodec.utf8()).forPath("/config/greeting", "hello");
 * }</pre>
 *
 * @param <T> the value
 */
public final class TypedCreate<T> {
    private final CreateBuilder write;
    private final ValueCodec<T> codec;

    TypedCreate(CreateBuilder write, ValueCodec<T> codec) {
        this.write = write;
        this.codec = codec;
    }

    /** @return the path of the znode */
    public String forPath(String path, T value) {
        return write.forPath(path, codec.encode(value));
    }

    /** As {@link #forPath}, without waiting. The value is encoded before it returns. */
    public CompletionStage<String> forPathAsync(String path, T value) {
        return write.forPathAsync(path, codec.encode(value));
    }
}
