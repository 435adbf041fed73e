package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The request does not fit into a frame of ZooKeeper's protocol ({@code jute.maxbuffer}, 1 MB less one byte); a server
 * would close the connection on it. It was not sent, nothing was changed.
 */
public final class RequestTooLargeException extends CoordException {
    private static final long serialVersionUID = 1;

    private final int requestBytes;
    private final int maxBytes;

    public RequestTooLargeException(String operation, @Nullable String path, int requestBytes, int maxBytes) {
        super(operation, path, "the request has " + requestBytes + " bytes, the limit is " + maxBytes);
        this.requestBytes = requestBytes;
        this.maxBytes = maxBytes;
    }

    public int requestBytes() {
        return requestBytes;
    }

    public int maxBytes() {
        return maxBytes;
    }
}
