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
    @Override
    public String toString() {
        return "The " + (hard ? "hard" : "soft") + " quota of " + path + " is exceeded: " + what + ' ' + value
                + ", limit " + limit;
    }
}
