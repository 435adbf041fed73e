package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchKind;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetChildrenResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names of a znode's children, in no particular order.
 *
 * <pre>{@code
 * List<String> names = client.getChildren().usingWatcher(event -> use(event)).forPath("/workers");
 * }</pre>
 */
public final class GetChildrenBuilder extends ReadOperation<GetChildrenBuilder> {
    private @Nullable StatHolder statHolder;

    GetChildrenBuilder(CoordClient client) {
        super(client, "getChildren");
    }

    @Override
    GetChildrenBuilder self() {
        return this;
    }

    /** Stores the stat of the znode itself. */
    public GetChildrenBuilder storingStatIn(StatHolder holder) {
        this.statHolder = holder;
        return this;
    }

    /**
     * @return names, not paths
     * @throws io.coord.client.error.NoNodeException when the znode is not there; a watcher is not armed then
     */
    public List<String> forPath(String path) {
        BlockingResult<List<String>> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<List<String>> forPathAsync(String path) {
        StageResult<List<String>> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<List<String>> result) {
        String serverPath = paths().toServer(path);
        StatHolder holder = statHolder;
        OpCode op = holder == null ? OpCode.GET_CHILDREN : OpCode.GET_CHILDREN2;
        SimpleCall.Answer<List<String>> answer = holder == null
                ? response -> ((GetChildrenResponse) response).children()
                : response -> {
                    GetChildren2Response found = (GetChildren2Response) response;
                    holder.set(found.stat());
                    return found.children();
                };
        GetChildrenRequest request = new GetChildrenRequest(op, serverPath, isWatching());
        long now = System.nanoTime();
        submit(
                path,
                serverPath,
                now,
                result,
                outcome -> new SimpleCall<>(this, path, request, Repeat.READ, now, outcome, answer)
                        .arming(arming(WatchKind.CHILD, serverPath)));
    }
}
