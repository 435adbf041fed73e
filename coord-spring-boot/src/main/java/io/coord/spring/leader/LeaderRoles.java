package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The roles that this application is a candidate for: those that its beans name with {@link LeaderOnly}, {@link OnLeader} and
 * {@link OnFollower}.
 *
 * <p>Thread-safe: its state is guarded by its monitor.
 */
public final class LeaderRoles {

    private final LeaderElections elections;
    private final ApplicationEventPublisher events;
    private final Map<String, RoleCandidate> candidates = new TreeMap<>();
    private boolean started;
    private boolean stopped;

    /** @param events told of each change, as {@link LeaderGrantedEvent} and {@link LeaderRevokedEvent} */
    public LeaderRoles(LeaderElections elections, ApplicationEventPublisher events) {
        this.elections = elections;
        this.events = events;
    }

    /** Whether this application certainly leads the role at this moment; false for a role that it is no candidate for. */
    public boolean isLeader(String role) {
        return leadership(role).isPresent();
    }

    /** The present leadership, while {@link #isLeader}. */
    public Optional<Leadership> leadership(String role) {
        RoleCandidate candidate;
        synchronized (this) {
            candidate = candidates.get(role);
        }
        return candidate == null ? Optional.empty() : candidate.leadership();
    }

    /** Sorted. */
    public synchronized Set<String> roles() {
        return new TreeSet<>(candidates.keySet());
    }

    /** Makes this application a candidate if it is none yet. */
    synchronized RoleCandidate candidate(String role) {
        RoleCandidate known = candidates.get(role);
        if (known != null) {
            return known;
        }
        RoleCandidate candidate = new RoleCandidate(
                role,
                elections.latch(role),
                leadership -> events.publishEvent(new LeaderGrantedEvent(this, role, leadership)),
                leadership -> events.publishEvent(new LeaderRevokedEvent(this, role, leadership)));
        candidates.put(role, candidate);
        if (stopped) {
            candidate.stop(Duration.ZERO);
        } else if (started) {
            candidate.start();
        }
        return candidate;
    }

    /**
     * Begins to contend.
     *
     * @param roles to contend for besides those of listeners
     */
    public synchronized void start(Set<String> roles) {
        if (stopped) {
            return;
        }
        roles.forEach(this::candidate);
        started = true;
        candidates.values().forEach(RoleCandidate::start);
    }

    /**
     * Interrupts what leaders do, tells followers, and gives all roles up.
     *
     * @param patience how long to wait for each role's methods to return
     */
    public void stop(Duration patience) {
        Set<RoleCandidate> all;
        synchronized (this) {
            stopped = true;
            all = Set.copyOf(candidates.values());
        }
        all.forEach(each -> each.stop(patience));
    }
}
