package io.coord.server.internal.admin;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is offered over HTTP.
 *
 * @param admin where commands, health and metrics are offered; null for nowhere
 * @param commandPath the path below which the commands are, without a slash at its end
 * @param idleMs a connection that is silent for so long is closed
 * @param metrics where metrics alone are offered; null for nowhere
 * @param exportJvmInfo whether they tell of the process, too
 */
public record HttpSettings(
        @Nullable InetSocketAddress admin,
        String commandPath,
        long idleMs,
        @Nullable InetSocketAddress metrics,
        boolean exportJvmInfo) {
    boolean isOff() {
        return admin == null && metrics == null;
    }
}
