package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private final RoleObserver observer;
    private final Map<String, RoleCandidate> candidates = new TreeMap<>();
    private boolean started;
    private boolean steppedDown;
    private boolean stopped;

    /** @param events told of each change, as {@link LeaderGrantedEvent} and {@link LeaderRevokedEvent} */
    public LeaderRoles(LeaderElections elections, ApplicationEventPublisher events) {
        this(elections, events, RoleObserver.NONE);
    }

    /** As {@link #LeaderRoles(LeaderElections, ApplicationEventPublisher)}, with an observer of the methods' calls. */
    public LeaderRoles(LeaderElections elections, ApplicationEventPublisher events, RoleObserver observer) {
        this.elections = elections;
        this.events = events;
        this.observer = observer;
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
                leadership -> events.publishEvent(new LeaderRevokedEvent(this, role, leadership)),
                observer);
        candidates.put(role, candidate);
        if (steppedDown) {
            candidate.stepDown();
        }
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
     * Gives all roles up and contends for none until {@link #resume}: leaders are interrupted, {@link OnFollower} methods run, and then
     * others may lead. For an application that is in no state to lead, such as one under maintenance. Does nothing where that was done
     * already.
     *
     * @param patience how long to wait for the methods of the roles to return before others may lead all the same
     */
    public void stepDown(Duration patience) {
        List<RoleCandidate.Withdrawal> withdrawals = new ArrayList<>();
        synchronized (this) {
            steppedDown = true;
            candidates.values().forEach(each -> withdrawals.add(each.stepDown()));
        }
        long deadline = System.nanoTime() + patience.toNanos();
        withdrawals.forEach(each -> each.complete(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    /** Contends again after {@link #stepDown}, behind those that contend already. Generations go on where they were. */
    public synchronized void resume() {
        steppedDown = false;
        candidates.values().forEach(RoleCandidate::resume);
    }

    /** Whether this application contends for no role, because it has stepped down. */
    public synchronized boolean hasSteppedDown() {
        return steppedDown;
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
