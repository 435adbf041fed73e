package io.coord.client;

import io.coord.client.error.BadVersionException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.spi.ValueCodec;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a znode's data.
 *
 * <pre>{@code
 * StatHolder read = new StatHolder();
 * byte[] before = client.getData().storingStatIn(read).forPath("/counter");
 * Stat written = client.setData().withVersion(read.get().version()).forPath("/counter", bytes);
 * }</pre>
 */
public final class SetDataBuilder extends Operation<SetDataBuilder> {
    private int version = -1;
    private boolean idempotent;
    private @Nullable Boolean compressing;

    SetDataBuilder(CoordClient client) {
        super(client, "setData");
    }

    @Override
    SetDataBuilder self() {
        return this;
    }

    /** The data version that the znode must have; any by default. */
    public SetDataBuilder withVersion(int dataVersion) {
        this.version = dataVersion;
        return this;
    }

    /**
     * Sends the write again when its connection breaks before the answer came, so that it does not fail with
     * {@link io.coord.client.error.ConnectionLossException}. With a version, a repeated write that finds its own effect
     * (next version, same data) succeeds; without one the data may be written twice.
     */
    public SetDataBuilder idempotent() {
        this.idempotent = true;
        return this;
    }

    /** Compresses the data, whatever the client does by default. */
    public SetDataBuilder compressed() {
        this.compressing = true;
        return this;
    }

    /** Writes the data as it is, whatever the client does by default. */
    public SetDataBuilder uncompressed() {
        this.compressing = false;
        return this;
    }

    /** Ends with a value instead of bytes. The builder is not to be used any more. */
    public <T> TypedSetData<T> as(ValueCodec<T> codec) {
        return new TypedSetData<>(this, codec);
    }

    /** Writes empty data. */
    public Stat forPath(String path) {
        return forPath(path, CreateBuilder.EMPTY);
    }

    /**
     * @param data null is stored as null, which {@link GetDataBuilder#orNull} tells from empty
     * @throws io.coord.client.error.NoNodeException when the znode is not there; nothing was changed
     * @throws io.coord.client.error.BadVersionException when the version differs; nothing was changed
     * @throws io.coord.client.error.ConnectionLossException when the effect may have happened
     */
    public Stat forPath(String path, byte @Nullable [] data) {
        BlockingResult<Stat> result = waiting(path);
        start(path, data, result);
        return result.await();
    }

    /** As {@link #forPath(String)}, without waiting. */
    public CompletionStage<Stat> forPathAsync(String path) {
        return forPathAsync(path, CreateBuilder.EMPTY);
    }

    /** As {@link #forPath(String, byte[])}, without waiting. The array must not be changed before the stage completes. */
    public CompletionStage<Stat> forPathAsync(String path, byte @Nullable [] data) {
        StageResult<Stat> result = stage();
        start(path, data, result);
        return result;
    }

    private void start(String path, byte @Nullable [] data, Result<Stat> result) {
        String serverPath = paths().toServer(path);
        byte @Nullable [] written = client.compression().toServer(compressing, path, data);
        SetDataRequest request = new SetDataRequest(serverPath, written, version);
        long now = System.nanoTime();
        loop().submit(
                        idempotent && version >= 0
                                ? new IdempotentCall(this, path, request, now, result)
                                : new SimpleCall<>(
                                        this,
                                        path,
                                        request,
                                        idempotent ? Repeat.IDEMPOTENT : Repeat.WRITE,
                                        now,
                                        result,
                                        SetDataBuilder::stat));
    }

    private static Stat stat(Response response) {
        return ((StatResponse) response).stat();
    }

    /** Looks whether a version that does not match is the work of an earlier sending. */
    private static final class IdempotentCall extends SimpleCall<Stat> {
        private final SetDataBuilder builder;
        private final String path;
        private final SetDataRequest request;
        private final long startNs;

        IdempotentCall(SetDataBuilder builder, String path, SetDataRequest request, long startNs, Result<Stat> result) {
            super(builder, path, request, Repeat.IDEMPOTENT, startNs, result, SetDataBuilder::stat);
            this.builder = builder;
            this.path = path;
            this.request = request;
            this.startNs = startNs;
        }

        @Override
        protected void onError(int code) {
            if (code != ErrorCode.BAD_VERSION.code() || !wasRepeated()) {
                super.onError(code);
                return;
            }
            GetDataRequest look = new GetDataRequest(request.path(), false);
            builder.loop()
                    .submit(new SimpleCall<>(builder, path, look, Repeat.READ, startNs, result(), response -> null) {
                        @Override
                        protected void onResponse(Response response, long zxid) {
                            GetDataResponse found = (GetDataResponse) response;
                            if (found.stat().version() == request.version() + 1
                                    && Arrays.equals(found.data(), request.data())) {
                                result().succeed(found.stat());
                            } else if (found.stat().version() != request.version() + 1) {
                                // Ours may be among the versions that were written over or deleted since.
                                result().fail(new ConnectionLossException(builder.operation, path));
                            } else {
                                onError(code);
                            }
                        }

                        @Override
                        protected void onFailure(CoordException failure) {
                            // Without a look nobody can say whether the first sending was done.
                            boolean known = failure instanceof OutcomeUnknown || failure instanceof BadVersionException;
                            result().fail(known ? failure : new ConnectionLossException(builder.operation, path));
                        }
                    });
        }
    }
}
