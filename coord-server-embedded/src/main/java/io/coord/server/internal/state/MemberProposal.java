package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.MemberLine;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is to belong to the ensemble, as a client asks for it: ZooKeeper's two forms, its checks in their order, and its errors.
 *
 * @param members null exactly if there is an error
 */
record MemberProposal(ErrorCode error, @Nullable EnsembleMembers members) {
    private static final String SERVER = "server.";
    /** Where many servers of one machine, or any address, are meant: they say nothing about who is who. */
    private static final Set<String> NOWHERE = Set.of("localhost", "::1", "0.0.0.0", "::", "0:0:0:0:0:0:0:1");

    static MemberProposal of(EnsembleMembers current, ReconfigRequest request, int leastVoters) {
        Map<Long, Peer> next = new TreeMap<>();
        try {
            if (request.newMembers() != null) {
                nameAll(next, request.newMembers());
            } else {
                current.members().forEach(each -> next.put((long) each.id(), each));
                leave(next, parts(request.leavingServers()));
                join(next, parts(request.joiningServers()));
            }
        } catch (NotANumberException e) {
            // ZooKeeper's answer to any exception that it has not thought of.
            return refused(ErrorCode.MARSHALLING_ERROR);
        } catch (IllegalArgumentException e) {
            return refused(ErrorCode.BAD_ARGUMENTS);
        }
        EnsembleMembers members = new EnsembleMembers(current.version(), List.copyOf(next.values()));
        if (request.newMembers() != null && (members.voters() == 0 || isLonelyWithObservers(members, leastVoters))) {
            return refused(ErrorCode.MARSHALLING_ERROR);
        }
        if (members.voters() < leastVoters || hasSharedPort(members)) {
            return refused(ErrorCode.BAD_ARGUMENTS);
        }
        return new MemberProposal(ErrorCode.OK, members);
    }

    private static MemberProposal refused(ErrorCode error) {
        return new MemberProposal(error, null);
    }

    private static boolean isLonelyWithObservers(EnsembleMembers members, int leastVoters) {
        return leastVoters > 1 && members.voters() == 1 && members.members().size() > 1;
    }

    private static void nameAll(Map<Long, Peer> next, String text) {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(text.replace(',', '\n')));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
        for (String key : lines.stringPropertyNames()) {
            if (key.startsWith(SERVER)) {
                long id = number(key.substring(key.indexOf('.') + 1));
                next.put(id, MemberLine.parse(id, lines.getProperty(key)));
            } else if (!key.equals("version")) {
                // Hierarchical quorums among them: they are not there.
                throw new IllegalArgumentException(key);
            }
        }
    }

    private static void leave(Map<Long, Peer> next, List<String> ids) {
        ids.forEach(each -> next.remove(number(each)));
    }

    private static void join(Map<Long, Peer> next, List<String> servers) {
        for (String each : servers) {
            List<String> sides = split(each, "=");
            if (sides.size() != 2) {
                throw new IllegalArgumentException(each);
            }
            String key = sides.get(0);
            long id = number(key.substring(key.lastIndexOf('.') + 1));
            Peer joining = MemberLine.parse(id, sides.get(1));
            if (joining.clientAddress() == null
                    || next.values().stream().anyMatch(other -> areInConflict(joining, other))) {
                throw new IllegalArgumentException(each);
            }
            next.put(id, joining);
        }
    }

    private static boolean areInConflict(Peer one, Peer other) {
        if (one.id() == other.id()) {
            return false;
        }
        List<String> taken = addresses(other);
        return addresses(one).stream().anyMatch(taken::contains);
    }

    /** Those that tell one server from another. */
    private static List<String> addresses(Peer member) {
        List<String> addresses = new ArrayList<>();
        if (!isNowhere(member.host())) {
            addresses.add(member.host() + ':' + member.logPort());
            addresses.add(member.host() + ':' + member.linkPort());
        }
        String client = member.clientAddress();
        if (client != null
                && !isNowhere(client.substring(0, client.lastIndexOf(':')).replaceAll("[\\[\\]]", ""))) {
            addresses.add(client);
        }
        return addresses;
    }

    private static boolean isNowhere(String host) {
        return NOWHERE.contains(host) || host.startsWith("127.");
    }

    /** Two members behind one port would be one server with two votes. */
    private static boolean hasSharedPort(EnsembleMembers members) {
        List<String> ports = new ArrayList<>();
        members.members().forEach(each -> {
            ports.add(each.host() + ':' + each.logPort());
            ports.add(each.host() + ':' + each.linkPort());
        });
        return Set.copyOf(ports).size() < ports.size();
    }

    private static List<String> parts(@Nullable String text) {
        return text == null ? List.of() : split(text, ",");
    }

    private static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        for (String each : text.split(separator, -1)) {
            if (!each.isBlank()) {
                parts.add(each.trim());
            }
        }
        return parts;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new NotANumberException(e);
        }
    }

    private static final class NotANumberException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotANumberException(NumberFormatException cause) {
            super(cause);
        }
    }
}
