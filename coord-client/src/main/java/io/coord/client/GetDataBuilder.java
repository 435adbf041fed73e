package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.spi.ValueCodec;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.response.GetDataResponse;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a znode's data. A znode without data reads as an empty array, unless {@link #orNull} asks for the difference.
 *
 * <pre>{@code
 * StatHolder stat = new StatHolder();
 * byte[] data = client.getData()
 *         .afterSync()
 *         .usingWatcher(event -> use(event.type(), event.path()))
 *         .storingStatIn(stat)
 *         .forPath("/config/greeting");
 * }</pre>
 */
public final class GetDataBuilder extends ReadOperation<GetDataBuilder> {
    private static final byte[] EMPTY = {};

    private @Nullable StatHolder statHolder;
    private @Nullable Boolean decompressing;

    GetDataBuilder(CoordClient client) {
        super(client, "getData");
    }

    @Override
    GetDataBuilder self() {
        return this;
    }

    public GetDataBuilder storingStatIn(StatHolder holder) {
        this.statHolder = holder;
        return this;
    }

    /** Decompresses what the znode holds, whatever the client does by default. */
    public GetDataBuilder decompressed() {
        this.decompressing = true;
        return this;
    }

    /** Takes what the znode holds as it is, whatever the client does by default. */
    public GetDataBuilder undecompressed() {
        this.decompressing = false;
        return this;
    }

    /** Ends with a value instead of bytes. The builder is not to be used any more. */
    public <T> TypedGetData<T> as(ValueCodec<T> codec) {
        return new TypedGetData<>(this, codec);
    }

    /**
     * Ends with null for a znode that was written with a null buffer: the protocol tells it from an empty one. The builder is not to be
     * used any more.
     */
    public NullableGetData orNull() {
        return new NullableGetData(this);
    }

    /**
     * @throws io.coord.client.error.NoNodeException when the znode is not there; a watcher is not armed then
     * @throws io.coord.client.error.UnreadableDataException when it should be decompressed and cannot be
     */
    public byte[] forPath(String path) {
        BlockingResult<byte[]> result = waiting(path);
        start(path, result, GetDataBuilder::data);
        byte[] data = result.await();
        return isDecompressing() ? client.compression().decompress(operation, path, data) : data;
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<byte[]> forPathAsync(String path) {
        StageResult<byte[]> result = stage();
        start(path, result, GetDataBuilder::data);
        return isDecompressing()
                ? mapped(result, data -> client.compression().decompress(operation, path, data))
                : result;
    }

    boolean isDecompressing() {
        return client.compression().applies(decompressing);
    }

    <T extends @Nullable Object> void start(String path, Result<T> result, Function<GetDataResponse, T> taken) {
        String serverPath = paths().toServer(path);
        StatHolder holder = statHolder;
        SimpleCall.Answer<T> answer = response -> {
            GetDataResponse found = (GetDataResponse) response;
            if (holder != null) {
                holder.set(found.stat());
            }
            return taken.apply(found);
        };
        GetDataRequest request = new GetDataRequest(serverPath, isWatching());
        long now = System.nanoTime();
        submit(
                path,
                serverPath,
                now,
                result,
                outcome -> new SimpleCall<>(this, path, request, Repeat.READ, now, outcome, answer)
                        .arming(arming(WatchKind.DATA, serverPath)));
    }

    static byte[] data(GetDataResponse response) {
        byte[] data = response.data();
        return data == null ? EMPTY : data;
    }
}
