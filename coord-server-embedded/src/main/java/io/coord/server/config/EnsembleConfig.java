package io.coord.server.config;

import io.coord.server.EnsembleTls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of the ensemble that its server belongs to. A single server has members too when its file names it
 * with a {@code server.N} line, as the files of container images do.
 *
 * @param name of the ensemble
 * @param members by their ids, in the order of the ids; empty without {@code server.N} lines
 * @param myId this server's own, as its data directory has it; null when it has none
 * @param observer whether this server has no vote: {@code peerType}, or the server's own line, which wins
 * @param initLimit ticks that a follower has for its first synchronisation; 0 when not set
 * @param syncLimit ticks that a follower may lag behind; 0 when not set
 * @param standaloneEnabled whether one participant alone is a single server, rather than an ensemble that may grow
 * @param reconfigEnabled whether clients may change the members
 * @param listenOnAllAddresses whether the ports for other servers are opened on all of this machine's addresses
 * @param leaderServes whether a leader serves clients
 * @param groups members by group, of hierarchical quorums; empty for plain majorities
 * @param weights of members in their group; a member that is not named weighs 1
 * @param version of the members: that of the dynamic configuration file's name, 0 without one
 * @param tls between members; null for none
 */
public record EnsembleConfig(
        String name,
        Map<Long, Member> members,
        @Nullable Long myId,
        boolean observer,
        int initLimit,
        int syncLimit,
        boolean standaloneEnabled,
        boolean reconfigEnabled,
        boolean listenOnAllAddresses,
        boolean leaderServes,
        Map<Long, List<Long>> groups,
        Map<Long, Long> weights,
        long version,
        @Nullable EnsembleTls tls) {

    /** The members with a vote. */
    public long participants() {
        return members.values().stream().filter(member -> !member.observer()).count();
    }

    /**
     * One server of the ensemble.
     *
     * @param addresses at least one; more are ways to the same server
     * @param clientHost where it listens for clients, when its line says so; "0.0.0.0" when that has a port only
     * @param clientPort null when its line has none
     */
    public record Member(
            long id,
            List<PeerAddress> addresses,
            boolean observer,
            @Nullable String clientHost,
            @Nullable Integer clientPort) {}

    /** Where other servers reach a server: a port for the log and one for elections. */
    public record PeerAddress(String host, int quorumPort, int electionPort) {}
}
