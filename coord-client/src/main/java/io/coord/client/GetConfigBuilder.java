package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.PathMapping;
import io.coord.client.internal.watch.WatchKind;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.response.GetDataResponse;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads which servers make up the ensemble: the data of ZooKeeper's {@code /zookeeper/config}, whatever chroot and namespace
 * the client has. {@link EnsembleConfig#parse} reads it.
 *
 * <pre>{@code
 * EnsembleConfig config = EnsembleConfig.parse(client.getConfig().afterSync().forEnsemble());
 * }</pre>
 */
public final class GetConfigBuilder extends ReadOperation<GetConfigBuilder> {
    /** As the server knows it. */
    static final String CONFIG_PATH = "/zookeeper/config";

    private @Nullable StatHolder statHolder;

    GetConfigBuilder(CoordClient client) {
        super(client, "getConfig");
    }

    @Override
    GetConfigBuilder self() {
        return this;
    }

    /** A watcher is told of {@code /zookeeper/config}. */
    @Override
    PathMapping watchedPaths() {
        return PathMapping.NONE;
    }

    public GetConfigBuilder storingStatIn(StatHolder holder) {
        this.statHolder = holder;
        return this;
    }

    /**
     * @return the configuration as text, in UTF-8; empty when the server was never configured as an ensemble
     * @throws io.coord.client.error.NoNodeException when the server has no such znode
     */
    public byte[] forEnsemble() {
        BlockingResult<byte[]> result = waiting(CONFIG_PATH);
        start(result);
        return result.await();
    }

    /** As {@link #forEnsemble}, without waiting. */
    public CompletionStage<byte[]> forEnsembleAsync() {
        StageResult<byte[]> result = stage();
        start(result);
        return result;
    }

    private void start(Result<byte[]> result) {
        StatHolder holder = statHolder;
        GetDataRequest request = new GetDataRequest(CONFIG_PATH, isWatching());
        long now = System.nanoTime();
        submit(
                CONFIG_PATH,
                CONFIG_PATH,
                now,
                result,
                outcome -> new SimpleCall<>(this, CONFIG_PATH, request, Repeat.READ, now, outcome, response -> {
                            GetDataResponse found = (GetDataResponse) response;
                            if (holder != null) {
                                holder.set(found.stat());
                            }
                            return GetDataBuilder.data(found);
                        })
                        .arming(arming(WatchKind.DATA, CONFIG_PATH)));
    }
}
