package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.response.GetDataResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Changes which servers make up the ensemble: either by {@link #joining} and {@link #leaving}, or by {@link
 * #withNewMembers}. The client needs the permission to write {@code /zookeeper/config}. A Coord server without an ensemble
 * refuses it.
 *
 * <pre>{@code
 * EnsembleConfig now = EnsembleConfig.parse(client.getConfig().forEnsemble());
 * byte[] next = client.reconfig()
 *         .joining("server.4=zk-4:2888:3888;2181")
 *         .leaving("1")
 *         .fromConfig(now.version())
 *         .forEnsemble();
 * }</pre>
 */
public final class ReconfigBuilder extends Operation<ReconfigBuilder> {
    private @Nullable String joining;
    private @Nullable String leaving;
    private @Nullable String newMembers;
    private long fromConfig = -1;
    private @Nullable StatHolder statHolder;

    ReconfigBuilder(CoordClient client) {
        super(client, "reconfig");
    }

    @Override
    ReconfigBuilder self() {
        return this;
    }

    /** Servers to add or to change, {@code server.4=host:2888:3888:participant;2181} for instance. */
    public ReconfigBuilder joining(String... servers) {
        return joining(List.of(servers));
    }

    /** As {@link #joining(String...)}. */
    public ReconfigBuilder joining(List<String> servers) {
        this.joining = String.join(",", servers);
        return this;
    }

    /** The ids of servers to remove, {@code 4} for instance. */
    public ReconfigBuilder leaving(String... ids) {
        return leaving(List.of(ids));
    }

    /** As {@link #leaving(String...)}. */
    public ReconfigBuilder leaving(List<String> ids) {
        this.leaving = String.join(",", ids);
        return this;
    }

    /** All servers of the new ensemble, as in {@link #joining}. */
    public ReconfigBuilder withNewMembers(String... servers) {
        return withNewMembers(List.of(servers));
    }

    /** As {@link #withNewMembers(String...)}. */
    public ReconfigBuilder withNewMembers(List<String> servers) {
        this.newMembers = String.join(",", servers);
        return this;
    }

    /** The version that the present configuration must have: {@link EnsembleConfig#version()}. Any by default. */
    public ReconfigBuilder fromConfig(long version) {
        this.fromConfig = version;
        return this;
    }

    /** Stores the stat of {@code /zookeeper/config}. */
    public ReconfigBuilder storingStatIn(StatHolder holder) {
        this.statHolder = holder;
        return this;
    }

    /**
     * @return the new configuration, as {@link GetConfigBuilder} reads it
     * @throws IllegalStateException when it names no change, or one in both ways; nothing was sent
     * @throws io.coord.client.error.BadVersionException when the configuration has another version; nothing was changed
     * @throws io.coord.client.error.NoAuthException when the client may not; nothing was changed
     * @throws io.coord.client.error.UnsupportedByServerException when the server does not offer it; nothing was changed
     * @throws io.coord.client.error.ServerErrorException with NEW_CONFIG_NO_QUORUM or RECONFIG_IN_PROGRESS; nothing was
     *     changed
     * @throws io.coord.client.error.ConnectionLossException when the effect may have happened; the present leader breaks
     *     its connections when it leaves
     */
    public byte[] forEnsemble() {
        BlockingResult<byte[]> result = waiting(null);
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
        boolean isIncremental = joining != null || leaving != null;
        if (isIncremental == (newMembers != null)) {
            throw new IllegalStateException("a reconfig needs joining(…) and leaving(…), or withNewMembers(…)");
        }
        StatHolder holder = statHolder;
        loop().submit(new SimpleCall<>(
                this,
                null,
                new ReconfigRequest(joining, leaving, newMembers, fromConfig),
                Repeat.WRITE,
                System.nanoTime(),
                result,
                response -> {
                    GetDataResponse changed = (GetDataResponse) response;
                    if (holder != null) {
                        holder.set(changed.stat());
                    }
                    return GetDataBuilder.data(changed);
                }));
    }
}
