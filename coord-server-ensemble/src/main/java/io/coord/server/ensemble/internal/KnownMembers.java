package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.EnsembleMembers.Change;
import io.coord.server.internal.replication.EnsembleMembers.View;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom this member takes for the members: those of its settings at first, those of its directory when they are newer, then whoever the
 * log says. Thread-safe: written by whoever learns of it, read by all.
 */
final class KnownMembers {
    private final MemberSettings settings;
    private volatile EnsembleMembers current;
    private volatile View view = View.NONE;
    /** Others have said that this server does not belong to them. */
    private volatile boolean outside;

    KnownMembers(MemberSettings settings) {
        this.settings = settings;
        this.current = new EnsembleMembers(0, settings.members());
    }

    /** What the directory says. */
    void set(EnsembleMembers members) {
        current = members;
        outside = !members.contains(settings.id());
    }

    /** What the state says; older ones come when the log is read again. */
    void update(View next) {
        view = next;
        if (next.current().version() > current.version()) {
            current = next.current();
            if (current.contains(settings.id())) {
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
        if (members.version() < current.version() || members.contains(settings.id())) {
            return false;
        }
        current = members;
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

    EnsembleMembers current() {
        return current;
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
        Stream<Peer> coming = change == null ? Stream.empty() : change.members().members().stream();
        return Stream.of(coming, current.members().stream(), settings.members().stream())
                .flatMap(each -> each)
                .filter(each -> each.id() == id)
                .findFirst();
    }

    /** Whether it is a member, or about to be one. */
    boolean isKnown(int id) {
        Change change = view.change();
        return current.contains(id) || (change != null && change.members().contains(id));
    }

    /** Whether a member has no vote as things are. */
    boolean isObserver(int id) {
        return current.members().stream().filter(each -> each.id() == id).anyMatch(Peer::observer);
    }

    List<Peer> members() {
        return current.members();
    }
}
