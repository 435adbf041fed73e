package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.EnsembleMembers.Change;
import io.coord.server.internal.replication.EnsembleMembers.View;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whom this member takes for the members: those of its settings at first, then whoever the log says. Where they are, its own settings
 * say, which may see another address of a server than the others do; but for servers that a client's change has added or moved.
 * Thread-safe: written by whoever learns of it, read by all.
 */
final class KnownMembers {
    private final MemberSettings settings;
    private volatile Said said;
    private volatile View view = View.NONE;
    /** Others have said that this server does not belong to them. */
    private volatile boolean outside;

    /**
     * What was said.
     *
     * @param config by the log; the settings' own, of version 0, before that
     * @param moved who is where {@code config} says, whatever the settings say
     * @param current who the members are, and where
     */
    record Said(EnsembleMembers config, SortedSet<Integer> moved, EnsembleMembers current) {}

    KnownMembers(MemberSettings settings) {
        this.settings = settings;
        this.said = said(new EnsembleMembers(0, settings.members()), Set.of());
    }

    private Said said(EnsembleMembers config, Set<Integer> moved) {
        List<Peer> current = config.members().stream()
                .map(each -> moved.contains(each.id()) ? each : asSettingsHaveIt(each))
                .toList();
        return new Said(config, new TreeSet<>(moved), new EnsembleMembers(config.version(), current));
    }

    private Peer asSettingsHaveIt(Peer member) {
        return settings.members().stream()
                .filter(each -> each.id() == member.id())
                .findFirst()
                .map(each -> new Peer(
                        each.id(),
                        each.host(),
                        each.logPort(),
                        each.linkPort(),
                        member.observer(),
                        member.clientAddress()))
                .orElse(member);
    }

    private void adopt(EnsembleMembers config) {
        Said before = said;
        Set<Integer> moved = new TreeSet<>(before.moved());
        if (before.config().version() > 0) {
            config.members().stream()
                    .filter(each -> before.config().members().stream().noneMatch(each::isWhereItWas))
                    .forEach(each -> moved.add(each.id()));
        }
        moved.removeIf(each -> !config.contains(each));
        said = said(config, moved);
    }

    /** What the directory says. */
    void set(EnsembleMembers config, Set<Integer> moved) {
        said = said(config, moved);
        outside = !config.contains(settings.id());
    }

    /** What the state says; older ones come when the log is read again. */
    void update(View next) {
        view = next;
        if (next.current().version() > said.config().version()) {
            adopt(next.current());
            if (next.current().contains(settings.id())) {
                outside = false;
            }
        }
    }

    /**
     * Others do not let this server in, and say who the members are.
     *
     * @return whether that is so: what they say may be older than what is known here
     */
    boolean leave(EnsembleMembers members) {
        if (members.version() < said.config().version() || members.contains(settings.id())) {
            return false;
        }
        adopt(members);
        outside = true;
        return true;
    }

    /** Others let this server in. */
    void enter() {
        outside = false;
    }

    boolean isOutside() {
        return outside;
    }

    Said said() {
        return said;
    }

    EnsembleMembers current() {
        return said.current();
    }

    /** As the state has it. */
    View view() {
        return view;
    }

    int selfId() {
        return settings.id();
    }

    /** Where others reach this server. */
    Peer self() {
        return member(settings.id());
    }

    /**
     * Where a member is, or is going to be.
     *
     * @throws IllegalArgumentException when nobody has that number
     */
    Peer member(int id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("no member has the number " + id));
    }

    Optional<Peer> find(int id) {
        Change change = view.change();
        Said now = said;
        Stream<Peer> coming = change == null
                ? Stream.empty()
                : change.members().members().stream()
                        .filter(each -> now.config().members().stream().noneMatch(each::isWhereItWas));
        return Stream.of(coming, now.current().members().stream(), settings.members().stream())
                .flatMap(each -> each)
                .filter(each -> each.id() == id)
                .findFirst();
    }

    /** Whether it is a member, or about to be one. */
    boolean isKnown(int id) {
        Change change = view.change();
        return current().contains(id) || (change != null && change.members().contains(id));
    }

    /** Whether a member has no vote as things are. */
    boolean isObserver(int id) {
        return current().members().stream().filter(each -> each.id() == id).anyMatch(Peer::observer);
    }

    List<Peer> members() {
        return current().members();
    }
}
