package io.coord.server.internal.replication;

import io.coord.server.internal.replication.MemberSettings.Peer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to an ensemble, as {@code /zookeeper/config} says it: a line for each server, in the order of their numbers, and the
 * version.
 *
 * @param version the zxid by which they came to be the members; 0 when that is not decided yet
 * @param members ordered by their numbers; none is there twice
 */
public record EnsembleMembers(long version, List<Peer> members) {
    private static final String SERVER = "server.";
    private static final String VERSION = "version=";
    private static final int HEXADECIMAL = 16;

    /** @throws IllegalArgumentException when a number is there twice */
    public EnsembleMembers {
        members = members.stream().sorted(Comparator.comparingInt(Peer::id)).toList();
        Set<Integer> ids = new HashSet<>();
        for (Peer each : members) {
            if (!ids.add(each.id())) {
                throw new IllegalArgumentException("two members have the number " + each.id());
            }
        }
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public static EnsembleMembers parse(String text) {
        List<Peer> members = new ArrayList<>();
        long version = 0;
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith(VERSION)) {
                version = Long.parseUnsignedLong(line.substring(equals + 1), HEXADECIMAL);
            } else if (line.startsWith(SERVER) && equals > 0) {
                members.add(MemberLine.parse(
                        Long.parseLong(line.substring(SERVER.length(), equals)), line.substring(equals + 1)));
            } else {
                throw new IllegalArgumentException("no line of a configuration: " + line);
            }
        }
        return new EnsembleMembers(version, members);
    }

    /** In ZooKeeper's words, without a line's end behind the version. */
    public String text() {
        return lines() + '\n' + VERSION + Long.toHexString(version);
    }

    /** The servers' lines alone. */
    public String lines() {
        return members.stream().map(MemberLine::of).collect(Collectors.joining("\n"));
    }

    public EnsembleMembers withVersion(long other) {
        return new EnsembleMembers(other, members);
    }

    public boolean contains(int id) {
        return members.stream().anyMatch(each -> each.id() == id);
    }

    /** How many have a vote. */
    public int voters() {
        return (int) members.stream().filter(each -> !each.observer()).count();
    }

    /** Whether the same servers belong to it, with the same rights; wherever they are. */
    public boolean areSameAs(EnsembleMembers other) {
        return rights().equals(other.rights());
    }

    /** Numbers, and which have no vote. */
    public String rights() {
        return members.stream()
                .map(each -> each.id() + (each.observer() ? ":observer" : ""))
                .collect(Collectors.joining(" "));
    }

    /** What the state says of the members. Never changes. */
    public record View(EnsembleMembers current, @Nullable Change change) {
        /** Nobody has said yet who the members are. */
        public static final View NONE = new View(new EnsembleMembers(0, List.of()), null);
    }

    /**
     * A change that was asked for and has yet to be done, or given up.
     *
     * @param id the zxid of the request
     * @param members who are to be the members; their version is not decided yet
     */
    public record Change(long id, EnsembleMembers members) {
        public Change {
            Objects.requireNonNull(members);
        }
    }
}
