package io.coord.server.internal.transport;

import io.coord.server.internal.pipeline.SessionActivity;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One open connection, as operators are told of it. Immutable.
 *
 * @param interestOps as of a selector: 1 while it is read from, 4 while something waits to be written
 * @param establishedMs wall-clock milliseconds
 * @param secure whether it came by the port for TLS alone
 * @param activity null without a session
 */
public record ConnectionInfo(
        @Nullable SocketAddress remote,
        int interestOps,
        int queued,
        long received,
        long sent,
        long establishedMs,
        boolean secure,
        @Nullable SessionActivity activity) {}
