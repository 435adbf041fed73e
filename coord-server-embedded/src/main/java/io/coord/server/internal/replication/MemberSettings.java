package io.coord.server.internal.replication;

import io.coord.protocol.tls.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a server one of an ensemble.
 *
 * @param ensemble its name: members of another one are no members of this one
 * @param id of this server, among {@code members}
 * @param members all of them, this one as well
 * @param listenOnAllAddresses whether its ports are opened on all addresses of this machine
 * @param directory for log and snapshots
 * @param dataDirectory where the data of a single server may be that this member takes over, if its log is not in {@code directory}
 * @param fsync whether a write counts only once the disks of a majority have it
 * @param snapshotAfterWrites so many commands make a snapshot due
 * @param maxRequestBytes of the longest request that clients may send
 * @param electionTimeoutMinMs a member that hears of no leader for so long may run for it
 * @param electionTimeoutMaxMs and runs for it after so long at the latest
 * @param syncTimeoutMs a member that no leader has answered for so long serves nobody
 * @param tls between members; null for none
 */
public record MemberSettings(
        String ensemble,
        int id,
        List<Peer> members,
        boolean listenOnAllAddresses,
        Path directory,
        Path dataDirectory,
        boolean fsync,
        int snapshotAfterWrites,
        int maxRequestBytes,
        int electionTimeoutMinMs,
        int electionTimeoutMaxMs,
        int syncTimeoutMs,
        @Nullable PeerTls tls) {

    /**
     * What is asked of members' connections, where both sides show a certificate.
     *
     * @param checksHosts whether a member's certificate must be for the host under which it is known
     * @param reloads whether keys and certificates are looked at again for later connections
     */
    public record PeerTls(TlsConfig config, boolean checksHosts, boolean reloads) {}

    /**
     * Where the others reach a member.
     *
     * @param logPort for the log and elections
     * @param linkPort for what members send to their leader
     * @param observer whether it has no vote
     * @param clientAddress host and port where clients reach it, when its line says so
     */
    public record Peer(
            int id,
            String host,
            int logPort,
            int linkPort,
            boolean observer,
            @Nullable String clientAddress) {
        /** One that does not say where clients reach it. */
        public Peer(int id, String host, int logPort, int linkPort, boolean observer) {
            this(id, host, logPort, linkPort, observer, null);
        }

        /** Whether it is the same server at the same place, whatever its vote, and wherever clients reach it. */
        public boolean isWhereItWas(Peer before) {
            return id == before.id
                    && host.equals(before.host)
                    && logPort == before.logPort
                    && linkPort == before.linkPort;
        }
    }

    /** @throws IllegalArgumentException when this server is none of the members */
    public Peer self() {
        return member(id);
    }

    /** @throws IllegalArgumentException when there is none of that number */
    public Peer member(int number) {
        return members.stream()
                .filter(each -> each.id() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member has the number " + number));
    }
}
