package io.coord.client.error;

import io.coord.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The server answered with an error that has no class of its own. Nothing was changed. */
public final class ServerErrorException extends CoordException {
    private static final long serialVersionUID = 1;

    private final int code;

    public ServerErrorException(String operation, @Nullable String path, int code) {
        super(operation, path, "the server answered error " + code + describe(code));
        this.code = code;
    }

    /** The raw number of the reply's header. */
    public int code() {
        return code;
    }

    /** The error, or null for a number that ZooKeeper 3.9 does not define. */
    public @Nullable ErrorCode error() {
        return ErrorCode.of(code);
    }

    private static String describe(int code) {
        ErrorCode error = ErrorCode.of(code);
        if (error == ErrorCode.MARSHALLING_ERROR) {
            return " (" + error + ": it cannot read the request, or the response is longer than its maxResponseBytes)";
        }
        return error == null ? "" : " (" + error + ')';
    }
}
