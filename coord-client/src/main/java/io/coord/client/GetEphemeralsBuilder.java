package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.PathMapping;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.response.GetEphemeralsResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Lists the ephemeral znodes of this client's session. For servers from ZooKeeper 3.6 on.
 *
 * <pre>{@code
 * List<String> mine = client.getEphemerals().forPath("/services");
 * }</pre>
 */
public final class GetEphemeralsBuilder extends SyncableRead<GetEphemeralsBuilder> {
    GetEphemeralsBuilder(CoordClient client) {
        super(client, "getEphemerals");
    }

    @Override
    GetEphemeralsBuilder self() {
        return this;
    }

    /**
     * @param prefix how the paths begin, {@code /locks/lock-} for instance; {@code /} for all
     * @return whole paths, without chroot and namespace, in no particular order; never one outside of them
     * @throws io.coord.client.error.UnsupportedByServerException when the server is older than ZooKeeper 3.6
     */
    public List<String> forPath(String prefix) {
        BlockingResult<List<String>> result = waiting(prefix);
        start(prefix, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<List<String>> forPathAsync(String prefix) {
        StageResult<List<String>> result = stage();
        start(prefix, result);
        return result;
    }

    private void start(String prefix, Result<List<String>> result) {
        PathMapping paths = paths();
        String serverPrefix = paths.toServer(prefix);
        GetEphemeralsRequest request = new GetEphemeralsRequest(serverPrefix);
        long now = System.nanoTime();
        submit(
                prefix,
                serverPrefix,
                now,
                result,
                outcome -> new SimpleCall<>(
                        this,
                        prefix,
                        request,
                        Repeat.READ,
                        now,
                        outcome,
                        response -> ((GetEphemeralsResponse) response)
                                .ephemerals().stream()
                                        .filter(path -> paths.prefix().isEmpty()
                                                || ZnodePath.isSameOrBelow(path, paths.prefix()))
                                        .map(paths::toClient)
                                        .toList()));
    }
}
