package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/** An operation that is one request: its answer becomes the result. */
class SimpleCall<T extends @Nullable Object> extends Call {
    /** Reads the result out of the answer, on the network thread. */
    interface Answer<T extends @Nullable Object> {
        @Nullable
        T of(Response response);
    }

    private final boolean isWrite;
    private final Result<T> result;
    private final Answer<T> answer;

    SimpleCall(
            Operation<?> builder,
            @Nullable String path,
            Request request,
            Repeat repeat,
            long nowNs,
            Result<T> result,
            Answer<T> answer) {
        super(builder.operation, path, request, repeat, nowNs, nowNs + builder.timeoutNs());
        this.isWrite = repeat != Repeat.READ;
        this.result = result;
        this.answer = answer;
    }

    @Override
    protected boolean beforeWrite() {
        return !isWrite || result.beforeWrite();
    }

    @Override
    protected void onResponse(Response response, long zxid) {
        result.succeed(answer.of(response));
    }

    @Override
    protected void onFailure(CoordException failure) {
        result.fail(failure);
    }

    final Result<T> result() {
        return result;
    }
}
