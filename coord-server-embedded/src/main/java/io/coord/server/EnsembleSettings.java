package io.coord.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ensemble that a server is a member of. All members have the same settings but for {@code id}.
 *
 * @param name of the ensemble: servers of another name are not let in, nor is a data directory of another one used
 * @param id of this server; it is one of the members
 * @param members all of them, an odd number of voters at best; 255 at most
 * @param listenOnAllAddresses whether this server's ports for the others are opened on all of the machine's addresses, and not on its
 *     {@code host} alone; ZooKeeper's {@code quorumListenOnAllIPs}
 * @param standaloneEnabled whether a client's change of the members must leave two with a vote, rather than one: ZooKeeper's key of that
 *     name
 * @param electionTimeout a member that hears of no leader for so long, or for up to twice so long, starts an election. Less makes a
 *     loss of the leader shorter, and elections without need more likely on a busy machine
 * @param syncTimeout a member that no leader has answered for so long stops serving its clients. Shorter than the shortest
 *     session time-out, or clients would count on sessions that have expired
 * @param tls between members; null for none: then their ports belong into a network of their own
 */
public record EnsembleSettings(
        String name,
        int id,
        List<Member> members,
        boolean listenOnAllAddresses,
        boolean standaloneEnabled,
        Duration electionTimeout,
        Duration syncTimeout,
        @Nullable EnsembleTls tls) {
    private static final int MOST_MEMBERS = 255;
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * One server of an ensemble.
     *
     * @param id its number, 0 or more
     * @param host where the others reach it; its two ports are opened on this address
     * @param logPort for the log and for elections; the first one of a line {@code server.N} of {@code zoo.cfg}
     * @param linkPort for what members send to their leader: writes of their clients, and which of them were heard of; the second one
     *     of that line
     * @param observer whether it has no vote: it serves clients, and neither elects nor makes writes wait for it
     * @param clientAddress host and port where clients reach it, {@code 0.0.0.0} for any address: what {@code /zookeeper/config} says
     *     behind a semicolon. Null when that is nobody's business
     */
    public record Member(
            int id,
            String host,
            int logPort,
            int linkPort,
            boolean observer,
            @Nullable String clientAddress) {
        /** One that does not say where clients reach it. */
        public Member(int id, String host, int logPort, int linkPort, boolean observer) {
            this(id, host, logPort, linkPort, observer, null);
        }

        /** @throws IllegalArgumentException naming the setting and its value */
        public Member {
            if (id < 0) {
                throw new IllegalArgumentException("a member has the number " + id);
            }
            if (host.isBlank()) {
                throw new IllegalArgumentException("member " + id + " has a blank host");
            }
            requirePort(id, logPort);
            requirePort(id, linkPort);
            if (logPort == linkPort) {
                throw new IllegalArgumentException("member " + id + " has one port for both purposes: " + logPort);
            }
        }

        private static void requirePort(int id, int port) {
            if (port < 1 || port > HIGHEST_PORT) {
                throw new IllegalArgumentException(
                        "member " + id + " has the port " + port + ", not between 1 and " + HIGHEST_PORT);
            }
        }
    }

    /** @throws IllegalArgumentException naming the setting and its value */
    public EnsembleSettings {
        members = List.copyOf(members);
        if (name.isBlank()) {
            throw new IllegalArgumentException("the ensemble's name is blank");
        }
        Set<Integer> ids = new HashSet<>();
        for (Member each : members) {
            if (!ids.add(each.id())) {
                throw new IllegalArgumentException("two members have the number " + each.id());
            }
        }
        if (!ids.contains(id)) {
            throw new IllegalArgumentException("this server has the number " + id + ", which no member has");
        }
        if (members.size() > MOST_MEMBERS) {
            throw new IllegalArgumentException(members.size() + " members, more than " + MOST_MEMBERS);
        }
        if (members.stream().allMatch(Member::observer)) {
            throw new IllegalArgumentException("all members are observers: none has a vote");
        }
        requireDuration("electionTimeout", electionTimeout);
        requireDuration("syncTimeout", syncTimeout);
    }

    private static void requireDuration(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", not between " + SHORTEST + " and " + LONGEST);
        }
    }

    /** @param id of this server */
    public static Builder builder(int id) {
        return new Builder(id);
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {
        private final int id;
        private final List<Member> members = new ArrayList<>();
        private String name = "coord";
        private boolean listenOnAllAddresses;
        private boolean standaloneEnabled = true;
        private Duration electionTimeout = Duration.ofMillis(500);
        private Duration syncTimeout = Duration.ofSeconds(2);
        private @Nullable EnsembleTls tls;

        private Builder(int id) {
            this.id = id;
        }

        /** {@code coord} unless told otherwise. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /** One with a vote. */
        public Builder voter(int memberId, String host, int logPort, int linkPort) {
            members.add(new Member(memberId, host, logPort, linkPort, false));
            return this;
        }

        /** One without a vote. */
        public Builder observer(int memberId, String host, int logPort, int linkPort) {
            members.add(new Member(memberId, host, logPort, linkPort, true));
            return this;
        }

        /** One that says where clients reach it. */
        public Builder member(Member member) {
            members.add(member);
            return this;
        }

        /** So unless told otherwise. */
        public Builder standaloneEnabled(boolean value) {
            this.standaloneEnabled = value;
            return this;
        }

        /** Not unless told otherwise: a member listens on its {@code host}. */
        public Builder listenOnAllAddresses(boolean value) {
            this.listenOnAllAddresses = value;
            return this;
        }

        /** 500 milliseconds unless told otherwise. */
        public Builder electionTimeout(Duration value) {
            this.electionTimeout = value;
            return this;
        }

        /** Two seconds unless told otherwise. */
        public Builder syncTimeout(Duration value) {
            this.syncTimeout = value;
            return this;
        }

        /** None unless told otherwise. */
        public Builder tls(EnsembleTls value) {
            this.tls = value;
            return this;
        }

        /** @throws IllegalArgumentException naming the setting that is wrong, and its value */
        public EnsembleSettings build() {
            return new EnsembleSettings(
                    name, id, members, listenOnAllAddresses, standaloneEnabled, electionTimeout, syncTimeout, tls);
        }
    }
}
