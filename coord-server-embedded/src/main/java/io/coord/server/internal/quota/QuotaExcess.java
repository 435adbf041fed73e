package io.coord.server.internal.quota;

/**
 * A change leads beyond a quota.
 *
 * @param path whose quota it is
 * @param what is counted: {@code count} of znodes or {@code bytes} of data
 * @param value that it would have, or has
 * @param hard whether a server that enforces quotas refuses the change
 */
public record QuotaExcess(String path, String what, long value, long limit, boolean hard) {
    /** The name of the top-level znode that is the path, or above it. */
    public String namespace() {
        int end = path.indexOf('/', 1);
        return end < 0 ? path.substring(1) : path.substring(1, end);
    }

    @Override
    public String toString() {
        return "The " + (hard ? "hard" : "soft") + " quota of " + path + " is exceeded: " + what + ' ' + value
                + ", limit " + limit;
    }
}
