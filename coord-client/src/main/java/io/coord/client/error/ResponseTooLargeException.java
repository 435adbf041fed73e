package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The server's answer to a read is longer than this client takes, see
 * {@link io.coord.client.CoordClientBuilder#maxResponseBytes}. It was skipped; the connection goes on. A list of children has
 * grown too long, most likely. Of a write whose answer is too long the caller learns that its outcome is unknown.
 *
 * <pre>{@code
 * try {
 *     client.getChildren().forPath("/events");
 * } catch (ResponseTooLargeException e) {
 *     use("a list of", e.responseBytes(), "bytes; this client takes", e.maxBytes());
 * }
 * }</pre>
 */
public final class ResponseTooLargeException extends CoordException {
    private static final long serialVersionUID = 1;

    private final int responseBytes;
    private final int maxBytes;

    public ResponseTooLargeException(String operation, @Nullable String path, int responseBytes, int maxBytes) {
        super(operation, path, "the response has " + responseBytes + " bytes, the limit is " + maxBytes);
        this.responseBytes = responseBytes;
        this.maxBytes = maxBytes;
    }

    public int responseBytes() {
        return responseBytes;
    }

    public int maxBytes() {
        return maxBytes;
    }
}
