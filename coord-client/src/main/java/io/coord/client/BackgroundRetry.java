package io.coord.client;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.error.ReadOnlyServerException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.SessionLostException;
import io.coord.protocol.ErrorCode;

/**
 * When work that goes on in the background is tried again: at once when the connection or the session was lost, since a call
 * waits for the next one by itself; after a pause, ever longer ones up to 16 seconds, when a server that can be reached cannot do
 * it now. Owned by the network thread.
 */
final class BackgroundRetry {
    private static final long FIRST_PAUSE_NS = 250_000_000L;
    private static final int MOST_DOUBLINGS = 6;

    private final CoordClient client;
    private int pauses;

    BackgroundRetry(CoordClient client) {
        this.client = client;
    }

    /** Whether the reason may pass. */
    private static boolean isTransient(CoordException failure) {
        return failure instanceof ConnectionLossException
                || failure instanceof RequestTimeoutException
                || failure instanceof SessionLostException
                || isRefusalForNow(failure);
    }

    /** The server's disk is full, or it has no leader, or no ensemble. */
    private static boolean isRefusalForNow(CoordException failure) {
        return failure instanceof ReadOnlyServerException
                || (failure instanceof ServerErrorException refused && refused.code() == ErrorCode.THROTTLED_OP.code());
    }

    /** @return false when it is not worth another try, or the client is closed */
    boolean again(CoordException failure, Runnable attempt) {
        if (!client.loop().isTakingFollowUps() || !isTransient(failure)) {
            return false;
        }
        if (isRefusalForNow(failure)) {
            long pauseNs = FIRST_PAUSE_NS << Math.min(pauses, MOST_DOUBLINGS);
            pauses++;
            client.loop().followUp(pauseNs, attempt);
        } else {
            pauses = 0;
            attempt.run();
        }
        return true;
    }
}
