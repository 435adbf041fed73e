package io.coord.cli.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one server says of itself.
 *
 * @param health OK, or what is wrong
 * @param zxid of its last change; -1 when it does not tell
 * @param sessions of the whole ensemble; -1 when it does not tell
 */
record ServerStatus(
        ServerWords.Address server, String health, String role, long zxid, long sessions, Map<String, String> figures) {
    static final String OK = "OK";
    private static final String REFUSED = "is not executed because it is not in the whitelist";
    private static final String NOT_SERVING = "not currently serving requests";

    boolean isOk() {
        return health.equals(OK);
    }

    String figure(String name) {
        return figures.getOrDefault(name, "?");
    }

    static ServerStatus of(ServerWords words, ServerWords.Address server) {
        String answer;
        try {
            answer = words.ask(server, "srvr");
        } catch (IOException e) {
            return unknown(server, "UNREACHABLE: " + e.getMessage());
        }
        if (answer.contains(REFUSED)) {
            return unknown(server, "UNKNOWN: srvr is not in its 4lw.commands.whitelist");
        }
        if (answer.contains(NOT_SERVING)) {
            return unknown(server, "NOT SERVING: it looks for a leader");
        }
        Map<String, String> figures = pairs(answer, ": ");
        @Nullable String role = figures.get("Mode");
        @Nullable String zxid = figures.get("Zxid");
        if (role == null || zxid == null) {
            return unknown(server, "UNKNOWN: something else answers there");
        }
        return new ServerStatus(
                server, OK, role, Long.parseUnsignedLong(zxid.substring(2), 16), sessions(words, server), figures);
    }

    private static ServerStatus unknown(ServerWords.Address server, String health) {
        return new ServerStatus(server, health, "?", -1, -1, Map.of());
    }

    private static long sessions(ServerWords words, ServerWords.Address server) {
        try {
            @Nullable String sessions = pairs(words.ask(server, "mntr"), "\t").get("zk_global_sessions");
            return sessions == null ? -1 : Long.parseLong(sessions);
        } catch (IOException | NumberFormatException e) {
            // Not allowed, or not told: the rest is known.
            return -1;
        }
    }

    private static Map<String, String> pairs(String answer, String separator) {
        Map<String, String> pairs = new HashMap<>();
        answer.lines().forEach(line -> {
            int at = line.indexOf(separator);
            if (at > 0) {
                pairs.put(
                        line.substring(0, at),
                        line.substring(at + separator.length()).strip());
            }
        });
        return pairs;
    }
}
