package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.request.GetAllChildrenNumberRequest;
import io.coord.protocol.response.GetAllChildrenNumberResponse;
import java.util.concurrent.CompletionStage;

/**
 * Counts the znodes below one, at any depth. A Coord server answers in constant time; ZooKeeper's looks at every path that it
 * has. For servers from ZooKeeper 3.6 on.
 *
 * <pre>{@code
 * int below = client.getAllChildrenNumber().forPath("/services");
 * }</pre>
 */
public final class GetAllChildrenNumberBuilder extends SyncableRead<GetAllChildrenNumberBuilder> {
    GetAllChildrenNumberBuilder(CoordClient client) {
        super(client, "getAllChildrenNumber");
    }

    @Override
    GetAllChildrenNumberBuilder self() {
        return this;
    }

    /**
     * @return how many; 0 for a leaf
     * @throws io.coord.client.error.NoNodeException when the znode is not there
     * @throws io.coord.client.error.UnsupportedByServerException when the server is older than ZooKeeper 3.6
     */
    public int forPath(String path) {
        BlockingResult<Integer> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<Integer> forPathAsync(String path) {
        StageResult<Integer> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<Integer> result) {
        String serverPath = paths().toServer(path);
        GetAllChildrenNumberRequest request = new GetAllChildrenNumberRequest(serverPath);
        long now = System.nanoTime();
        submit(
                path,
                serverPath,
                now,
                result,
                outcome -> new SimpleCall<>(
                        this,
                        path,
                        request,
                        Repeat.READ,
                        now,
                        outcome,
                        response -> ((GetAllChildrenNumberResponse) response).totalNumber()));
    }
}
