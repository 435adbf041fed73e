package io.coord.client.internal.session;

import io.coord.client.error.AuthFailedException;
import io.coord.client.error.BadArgumentsException;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.CoordException;
import io.coord.client.error.InvalidAclException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoChildrenForEphemeralsException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NoWatcherException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.NotEmptyException;
import io.coord.client.error.QuotaExceededException;
import io.coord.client.error.ReadOnlyServerException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.UnsupportedByServerException;
import io.coord.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** From the error codes of replies to exceptions. */
public final class ServerErrors {
    private ServerErrors() {}

    public static CoordException of(int code, String operation, @Nullable String path) {
        ErrorCode error = ErrorCode.of(code);
        if (error == null) {
            return new ServerErrorException(operation, path, code);
        }
        return switch (error) {
            case NO_NODE -> new NoNodeException(operation, path);
            case NODE_EXISTS -> new NodeExistsException(operation, path);
            case BAD_VERSION -> new BadVersionException(operation, path);
            case NOT_EMPTY -> new NotEmptyException(operation, path);
            case NO_AUTH -> new NoAuthException(operation, path);
            case NO_CHILDREN_FOR_EPHEMERALS -> new NoChildrenForEphemeralsException(operation, path);
            case INVALID_ACL -> new InvalidAclException(operation, path);
            case AUTH_FAILED, SESSION_CLOSED_REQUIRES_SASL_AUTH -> new AuthFailedException(operation, path);
            case BAD_ARGUMENTS -> new BadArgumentsException(operation, path);
            case UNIMPLEMENTED -> new UnsupportedByServerException(operation, path, false);
            case RECONFIG_DISABLED -> new UnsupportedByServerException(operation, path, true);
            case QUOTA_EXCEEDED -> new QuotaExceededException(operation, path);
            case NOT_READ_ONLY -> new ReadOnlyServerException(operation, path);
            case NO_WATCHER -> new NoWatcherException(operation, path);
            case SESSION_EXPIRED, UNKNOWN_SESSION -> new SessionLostException(operation, path);
            case OK,
                    SYSTEM_ERROR,
                    RUNTIME_INCONSISTENCY,
                    DATA_INCONSISTENCY,
                    CONNECTION_LOSS,
                    MARSHALLING_ERROR,
                    OPERATION_TIMEOUT,
                    NEW_CONFIG_NO_QUORUM,
                    RECONFIG_IN_PROGRESS,
                    API_ERROR,
                    INVALID_CALLBACK,
                    SESSION_MOVED,
                    EPHEMERAL_ON_LOCAL_SESSION,
                    REQUEST_TIMEOUT,
                    THROTTLED_OP -> new ServerErrorException(operation, path, code);
        };
    }
}
