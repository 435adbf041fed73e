package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchKind;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.response.GetDataResponse;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads a znode's data. A znode without data reads as an empty array. */
public final class GetDataBuilder extends ReadOperation<GetDataBuilder> {
    private static final byte[] EMPTY = {};

    private @Nullable StatHolder statHolder;

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

    /**
     * @throws io.coord.client.error.NoNodeException when the znode is not there; a watcher is not armed then
     */
    public byte[] forPath(String path) {
        BlockingResult<byte[]> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<byte[]> forPathAsync(String path) {
        StageResult<byte[]> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<byte[]> result) {
        String serverPath = paths().toServer(path);
        StatHolder holder = statHolder;
        SimpleCall.Answer<byte[]> answer = holder == null
                ? response -> data((GetDataResponse) response)
                : response -> {
                    GetDataResponse found = (GetDataResponse) response;
                    holder.set(found.stat());
                    return data(found);
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

    private static byte[] data(GetDataResponse response) {
        byte[] data = response.data();
        return data == null ? EMPTY : data;
    }
}
