package io.coord.cli.command;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one server says of itself.
 *
 * @param answered whether anything came from it
 * @param health OK, or what is wrong
 * @param zxid of its last change; -1 when it does not tell
 * @param sessions of the whole ensemble; -1 when it does not tell
 */
record ServerStatus(
        ServerWords.Address server,
        boolean answered,
        String health,
        String role,
        long zxid,
        long sessions,
        Map<String, String> figures) {
    static final String OK = "OK";
    static final String LEADER = "leader";
    private static final String REFUSED = "is not executed because it is not in the whitelist";
    private static final String NOT_SERVING = "not currently serving requests";
    /** ZooKeeper counts the changes of an epoch in the lower half of a zxid; Coord's counter stays there for long. */
    private static final int EPOCH_SHIFT = 32;

    boolean isOk() {
        return health.equals(OK);
    }

    String figure(String name) {
        return figures.getOrDefault(name, "?");
    }

    /** How many changes it is behind; null when it does not tell, or nobody can: they are of another epoch. */
    @Nullable
    Long lag(long newest) {
        return zxid < 0 || zxid >>> EPOCH_SHIFT != newest >>> EPOCH_SHIFT ? null : newest - zxid;
    }

    boolean isOfOlderEpoch(long newest) {
        return zxid >= 0 && zxid >>> EPOCH_SHIFT < newest >>> EPOCH_SHIFT;
    }

    static ServerStatus of(ServerWords words, ServerWords.Address server) {
        String answer;
        try {
            answer = words.ask(server, "srvr");
        } catch (IOException | InvalidTlsMaterialException e) {
            return unknown(server, false, "UNREACHABLE: " + e.getMessage());
        }
        if (answer.isEmpty()) {
            return unknown(server, false, "UNREACHABLE: it closed the connection");
        }
        if (answer.contains(REFUSED)) {
            return unknown(server, true, "UNKNOWN: srvr is not in its 4lw.commands.whitelist");
        }
        if (answer.contains(NOT_SERVING)) {
            return unknown(server, true, "NOT SERVING: it looks for a leader");
        }
        Map<String, String> figures = pairs(answer, ": ");
        @Nullable String role = figures.get("Mode");
        long zxid = zxid(figures.getOrDefault("Zxid", ""));
        if (role == null || zxid < 0) {
            return unknown(server, true, "UNKNOWN: something else answers there");
        }
        return new ServerStatus(server, true, OK, role, zxid, sessions(words, server), figures);
    }

    /** -1 when it is none. */
    private static long zxid(String text) {
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static ServerStatus unknown(ServerWords.Address server, boolean answered, String health) {
        return new ServerStatus(server, answered, health, "?", -1, -1, Map.of());
    }

    private static long sessions(ServerWords words, ServerWords.Address server) {
        try {
            @Nullable String sessions = pairs(words.ask(server, "mntr"), "\t").get("zk_global_sessions");
            return sessions == null ? -1 : Long.parseLong(sessions);
        } catch (IOException | InvalidTlsMaterialException | NumberFormatException e) {
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
