package io.coord.client;

import io.coord.client.spi.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link GetConfigBuilder} and {@link ReconfigBuilder} answer, read.
 *
 * <pre>{@code
 * EnsembleConfig config = EnsembleConfig.parse(client.getConfig().forEnsemble());
 * for (EnsembleConfig.Member member : config.members()) {
 *     use(member.id(), member.clientAddress());
 * }
 * }</pre>
 *
 * @param members in the order of the text
 * @param version changes with each reconfig; -1 when the text names none
 */
public record EnsembleConfig(List<Member> members, long version) {
    private static final String SERVER = "server.";
    private static final String VERSION = "version=";

    /**
     * One server.
     *
     * @param id from {@code server.<id>}
     * @param specification what stands behind the {@code =}
     * @param clientAddress where clients reach it; null when the configuration does not say. A server that listens on all
     *     its addresses has the host that its peers use
     */
    public record Member(
            long id, String specification, @Nullable ServerAddress clientAddress) {}

    public EnsembleConfig {
        members = List.copyOf(members);
    }

    /**
     * Reads the text of {@code /zookeeper/config}: one line for each server, and the version in hexadecimal digits. Lines of
     * another kind are left out, and so are members whose id is no number.
     */
    public static EnsembleConfig parse(byte[] config) {
        List<Member> members = new ArrayList<>();
        long version = -1;
        for (String line : new String(config, StandardCharsets.UTF_8).lines().toList()) {
            String text = line.trim();
            int assignment = text.indexOf('=');
            if (text.startsWith(VERSION)) {
                version =
                        Long.parseUnsignedLong(text.substring(VERSION.length()).trim(), 16);
            } else if (text.startsWith(SERVER) && assignment > 0) {
                String id = text.substring(SERVER.length(), assignment).trim();
                String specification = text.substring(assignment + 1).trim();
                if (!id.isEmpty() && id.chars().allMatch(Character::isDigit)) {
                    members.add(new Member(Long.parseLong(id), specification, clientAddress(specification)));
                }
            }
        }
        return new EnsembleConfig(members, version);
    }

    /** Where clients reach the servers, each address once. */
    public List<ServerAddress> clientAddresses() {
        List<ServerAddress> addresses = new ArrayList<>();
        for (Member each : members) {
            ServerAddress address = each.clientAddress();
            if (address != null && !addresses.contains(address)) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** {@code host:2888:3888[:role];[client host:]client port}, perhaps several of the former between bars. */
    private static @Nullable ServerAddress clientAddress(String specification) {
        int semicolon = specification.indexOf(';');
        if (semicolon < 0) {
            return null;
        }
        String client = specification.substring(semicolon + 1).trim();
        int colon = client.lastIndexOf(':');
        String port = client.substring(colon + 1);
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(Character::isDigit)) {
            return null;
        }
        String host = colon < 0 ? "" : withoutBrackets(client.substring(0, colon));
        if (host.isEmpty() || host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0")) {
            host = peerHost(specification.substring(0, semicolon));
        }
        return new ServerAddress(host, Integer.parseInt(port));
    }

    private static String peerHost(String peers) {
        String first = peers.split("\\|", 2)[0].trim();
        if (first.startsWith("[")) {
            int end = first.indexOf(']');
            return end < 0 ? first.substring(1) : first.substring(1, end);
        }
        int colon = first.indexOf(':');
        return colon < 0 ? first : first.substring(0, colon);
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
