package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.response.GetDataResponse;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Ends a {@link GetDataBuilder} with the data as they are, null included.
 *
 * <pre>{@code
 * byte[] data = client.getData().orNull().forPath("/config/greeting");
 * }</pre>
 */
public final class NullableGetData {
    private final GetDataBuilder read;

    NullableGetData(GetDataBuilder read) {
        this.read = read;
    }

    /**
     * @return null when the znode was written with a null buffer
     * @throws io.coord.client.error.NoNodeException when the znode is not there; a watcher is not armed then
     * @throws io.coord.client.error.UnreadableDataException when it should be decompressed and cannot be
     */
    public byte @Nullable [] forPath(String path) {
        BlockingResult<byte @Nullable []> result = read.waiting(path);
        read.start(path, result, GetDataResponse::data);
        return decompressed(path, result.await());
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<byte @Nullable []> forPathAsync(String path) {
        StageResult<byte @Nullable []> result = read.stage();
        read.start(path, result, GetDataResponse::data);
        return read.isDecompressing() ? Operation.mapped(result, data -> decompressed(path, data)) : result;
    }

    private byte @Nullable [] decompressed(String path, byte @Nullable [] data) {
        return data == null || !read.isDecompressing()
                ? data
                : read.client.compression().decompress(read.operation, path, data);
    }
}
