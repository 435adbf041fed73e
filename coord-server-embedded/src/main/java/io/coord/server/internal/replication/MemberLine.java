package io.coord.server.internal.replication;

import io.coord.server.internal.replication.MemberSettings.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A server's line in a configuration: {@code server.N=host:port:port[:role][;[host:]port]}. IPv6 addresses stand in brackets. */
public final class MemberLine {
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final int HIGHEST_PORT = 65_535;
    private static final int LEAST_PARTS = 3;

    private MemberLine() {}

    /**
     * Reads what stands behind the equals sign.
     *
     * @throws IllegalArgumentException when it is not of that form, has a port that there is not, or several addresses
     */
    public static Peer parse(long id, String text) {
        if (id < 0 || id > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a server has the number " + id);
        }
        String[] sides = text.trim().split(";", -1);
        List<String> parts = parts(sides[0]);
        if (sides.length > 2 || parts.size() < LEAST_PARTS || parts.size() > LEAST_PARTS + 1) {
            throw new IllegalArgumentException("not host:port:port[:role][;[host:]port]: " + text);
        }
        String host = parts.get(0);
        if (host.isEmpty() || text.indexOf('|') >= 0) {
            throw new IllegalArgumentException("one address is needed: " + text);
        }
        int logPort = port(parts.get(1));
        int linkPort = port(parts.get(2));
        if (logPort == linkPort) {
            throw new IllegalArgumentException("one port for both purposes: " + text);
        }
        boolean observer = parts.size() > LEAST_PARTS && isObserver(parts.get(LEAST_PARTS));
        return new Peer((int) id, host, logPort, linkPort, observer, sides.length == 2 ? client(sides[1]) : null);
    }

    private static String client(String text) {
        List<String> parts = parts(text);
        if (parts.size() > 2 || parts.get(0).isEmpty()) {
            throw new IllegalArgumentException("not [host:]port: " + text);
        }
        return clientAddress(parts.size() == 2 ? parts.get(0) : ANY_ADDRESS, port(parts.get(parts.size() - 1)));
    }

    /** A server's client port, as its line has it. */
    public static String clientAddress(String host, int port) {
        return bracketed(host) + ':' + port;
    }

    /** The whole line, the role always in it. */
    static String of(Peer member) {
        @Nullable String client = member.clientAddress();
        return "server." + member.id() + '=' + bracketed(member.host()) + ':' + member.logPort() + ':'
                + member.linkPort() + ':' + (member.observer() ? "observer" : "participant")
                + (client == null ? "" : ";" + client);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    }

    /** By colons, but for those within brackets. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        String rest = text.trim();
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            if (end < 0 || end + 1 >= rest.length() || rest.charAt(end + 1) != ':') {
                throw new IllegalArgumentException("a bracket without its end: " + text);
            }
            parts.add(rest.substring(1, end));
            rest = rest.substring(end + 2);
        }
        for (String part : rest.split(":", -1)) {
            parts.add(part.trim());
        }
        return parts;
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("not a port: " + text);
        }
        return port;
    }

    private static boolean isObserver(String role) {
        return switch (role.toLowerCase(Locale.ROOT)) {
            case "observer" -> true;
            case "participant" -> false;
            default -> throw new IllegalArgumentException("neither participant nor observer: " + role);
        };
    }
}
