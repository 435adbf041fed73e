package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import org.springframework.context.ApplicationEvent;

/**
 * This application does not lead a role any more, or not certainly. Published on the thread of the role, before the methods with {@link OnLeader} or {@link OnFollower}
 * are called, and never before the context is ready.
 */
public final class LeaderRevokedEvent extends ApplicationEvent {

    private static final long serialVersionUID = 1;

    private final String role;
    private final transient Leadership leadership;

    LeaderRevokedEvent(LeaderRoles source, String role, Leadership leadership) {
        super(source);
        this.role = role;
        this.leadership = leadership;
    }

    public String role() {
        return role;
    }

    /** The time of leading that is over. */
    public Leadership leadership() {
        return leadership;
    }
}
