package io.coord.server.config;

import io.coord.server.config.EnsembleConfig.Member;
import io.coord.server.config.EnsembleConfig.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code server.N=host:port:port[:role][|host:port:port[:role]...][;[host:]port]}. IPv6 addresses stand in brackets.
 */
final class MemberSyntax {
    private static final String ALLOWED =
            "it takes host:port:electionPort, then :participant or :observer if you like, then"
                    + " ;clientPort or ;host:clientPort if you like; further addresses of the same server behind |";
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final int HIGHEST_PORT = 65_535;
    private static final int PARTS_WITH_ROLE = 4;

    private final Setting setting;

    private MemberSyntax(Setting setting) {
        this.setting = setting;
    }

    static Member parse(long id, Setting setting) {
        return new MemberSyntax(setting).member(id);
    }

    private Member member(long id) {
        String[] sides = setting.text().split(";", -1);
        if (sides.length > 2) {
            throw refused();
        }
        List<PeerAddress> addresses = new ArrayList<>();
        @Nullable Boolean observer = null;
        for (String each : sides[0].split("\\|", -1)) {
            List<String> parts = parts(each);
            if (parts.size() < PARTS_WITH_ROLE - 1 || parts.size() > PARTS_WITH_ROLE) {
                throw refused();
            }
            addresses.add(address(parts));
            if (parts.size() == PARTS_WITH_ROLE) {
                boolean isObserver = isObserver(parts.get(PARTS_WITH_ROLE - 1));
                if (observer != null && observer != isObserver) {
                    throw setting.refused("all addresses of a server have the same role");
                }
                observer = isObserver;
            }
        }
        if (sides.length == 1) {
            return new Member(id, List.copyOf(addresses), Boolean.TRUE.equals(observer), null, null);
        }
        List<String> client = parts(sides[1]);
        if (client.size() > 2) {
            throw refused();
        }
        return new Member(
                id,
                List.copyOf(addresses),
                Boolean.TRUE.equals(observer),
                client.size() == 2 ? host(client.get(0)) : ANY_ADDRESS,
                port(client.get(client.size() - 1)));
    }

    private PeerAddress address(List<String> parts) {
        PeerAddress address = new PeerAddress(host(parts.get(0)), port(parts.get(1)), port(parts.get(2)));
        if (address.quorumPort() == address.electionPort()) {
            throw setting.refused("the port and the election port must differ");
        }
        return address;
    }

    /** By colons, but for those within brackets. */
    private List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        String rest = text.trim();
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            if (end < 0 || (end + 1 < rest.length() && rest.charAt(end + 1) != ':')) {
                throw refused();
            }
            parts.add(rest.substring(1, end));
            if (end + 1 == rest.length()) {
                return parts;
            }
            rest = rest.substring(end + 2);
        }
        for (String part : rest.split(":", -1)) {
            parts.add(part.trim());
        }
        return parts;
    }

    private String host(String text) {
        if (text.isEmpty()) {
            throw refused();
        }
        return text;
    }

    private int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw refused();
        }
        throw setting.refused("a port is a number from 1 to " + HIGHEST_PORT);
    }

    private boolean isObserver(String role) {
        return switch (role.toLowerCase(Locale.ROOT)) {
            case "observer" -> true;
            case "participant" -> false;
            default -> throw refused();
        };
    }

    private InvalidConfigException refused() {
        return setting.refused(ALLOWED);
    }
}
