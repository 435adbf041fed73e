package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.response.EmptyResponse;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/**
 * What a request is told.
 *
 * @param response null exactly if there is an error
 */
public record Answer(ErrorCode error, @Nullable Response response) {
    public static final Answer DONE = new Answer(ErrorCode.OK, EmptyResponse.INSTANCE);

    static Answer of(Response response) {
        return new Answer(ErrorCode.OK, response);
    }

    public static Answer refusal(ErrorCode error) {
        return new Answer(error, null);
    }

    public boolean isOk() {
        return error == ErrorCode.OK;
    }
}
