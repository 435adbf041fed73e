package io.coord.client;

import org.jspecify.annotations.Nullable;

/**
 * A connect string that names no servers.
 *
 * <pre>{@code
 * try {
 *     CoordClient.builder().connectString("zk-1:not-a-port").build();
 * } catch (InvalidConnectStringException e) {
 *     use(e.connectString());
 * }
 * }</pre>
 */
public final class InvalidConnectStringException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String connectString;

    InvalidConnectStringException(String connectString, @Nullable String reason) {
        super("Invalid connect string \"" + connectString + "\": " + reason
                + ". Expected host:port[,host:port…][/chroot].");
        this.connectString = connectString;
    }

    public String connectString() {
        return connectString;
    }
}
