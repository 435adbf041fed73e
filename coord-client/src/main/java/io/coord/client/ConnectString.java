package io.coord.client;

import io.coord.client.spi.ServerAddress;
import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers and chroot, as in ZooKeeper's own clients: {@code host:port,[::1]:port/chroot}.
 *
 * @param chroot empty for none
 */
record ConnectString(List<ServerAddress> servers, String chroot) {
    static final int DEFAULT_PORT = 2181;

    static ConnectString parse(String text) {
        int slash = text.indexOf('/');
        String hosts = slash < 0 ? text : text.substring(0, slash);
        String chroot = slash < 0 ? "" : text.substring(slash).trim();
        if (chroot.equals("/")) {
            chroot = "";
        }
        if (!chroot.isEmpty()) {
            try {
                ZnodePath.validate(chroot);
            } catch (InvalidPathException e) {
                throw new InvalidConnectStringException(text, e.getMessage());
            }
        }
        List<ServerAddress> servers = new ArrayList<>();
        for (String each : hosts.split(",", -1)) {
            servers.add(server(each.trim(), text));
        }
        return new ConnectString(List.copyOf(servers), chroot);
    }

    private static ServerAddress server(String each, String text) {
        if (each.isEmpty()) {
            throw new InvalidConnectStringException(text, "it has an empty server");
        }
        if (each.charAt(0) == '[') {
            int end = each.indexOf(']');
            if (end < 2) {
                throw new InvalidConnectStringException(text, "it has a bracket without its pair in " + each);
            }
            String rest = each.substring(end + 1);
            if (!rest.isEmpty() && rest.charAt(0) != ':') {
                throw new InvalidConnectStringException(text, "a port must follow the bracket in " + each);
            }
            return new ServerAddress(
                    each.substring(1, end), rest.isEmpty() ? DEFAULT_PORT : port(rest.substring(1), text));
        }
        int colon = each.indexOf(':');
        if (colon < 0) {
            return new ServerAddress(each, DEFAULT_PORT);
        }
        if (colon == 0) {
            throw new InvalidConnectStringException(text, "the host is missing in " + each);
        }
        if (each.indexOf(':', colon + 1) >= 0) {
            throw new InvalidConnectStringException(text, "an IPv6 address needs brackets in " + each);
        }
        return new ServerAddress(each.substring(0, colon), port(each.substring(colon + 1), text));
    }

    private static int port(String digits, String text) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Answered below.
        }
        throw new InvalidConnectStringException(text, "\"" + digits + "\" is no port");
    }
}
