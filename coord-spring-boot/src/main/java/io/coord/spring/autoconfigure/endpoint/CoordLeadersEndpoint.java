package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.CoordClient;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.Leadership;
import io.coord.recipes.leader.Participant;
import io.coord.spring.leader.LeaderRoles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The roles of this application and whether it leads, and all elections below {@code coord.leader.root}. Asks the servers for the
 * second. Thread-safe: immutable.
 */
@Endpoint(id = "coordleaders")
final class CoordLeadersEndpoint {

    private final CoordClient client;
    private final String root;
    private final LeaderRoles roles;

    CoordLeadersEndpoint(CoordClient client, String root, LeaderRoles roles) {
        this.client = client;
        this.root = root;
        this.roles = roles;
    }

    /**
     * Who leads.
     *
     * @param roles that annotations of this application name
     * @param elections by name, as they are below the root
     * @param complete false when there are too many to look at all of them
     * @param steppedDown whether this application contends for no role, such as while it is unhealthy
     */
    record Leaders(
            Map<String, Role> roles, Map<String, List<Candidate>> elections, boolean complete, boolean steppedDown) {}

    /**
     * A role of this application.
     *
     * @param generation how often it has led, null while it does not lead
     */
    record Role(
            boolean leader,
            @Nullable Long generation,
            @Nullable Long fencingToken) {}

    /**
     * A candidate, in the order in which they will lead.
     *
     * @param here whether it is this application
     */
    record Candidate(String id, boolean leader, boolean here, long fencingToken, String session) {}

    @ReadOperation
    WebEndpointResponse<Object> leaders() {
        return ServersAnswer.of(() -> {
            QueuePaths.Found found = QueuePaths.below(client, root, QueuePaths.LATCH);
            Map<String, List<Candidate>> elections = new TreeMap<>();
            for (String path : found.paths()) {
                elections.put(
                        path.substring(Math.min(path.length(), root.length() + 1)),
                        new LeaderLatch(client, path)
                                .participants().stream().map(this::candidate).toList());
            }
            return new Leaders(roles(), elections, found.complete(), roles.hasSteppedDown());
        });
    }

    private Map<String, Role> roles() {
        Map<String, Role> described = new TreeMap<>();
        for (String role : roles.roles()) {
            Leadership leadership = roles.leadership(role).orElse(null);
            described.put(
                    role,
                    new Role(
                            leadership != null,
                            leadership == null ? null : leadership.generation(),
                            leadership == null ? null : leadership.fencingToken()));
        }
        return described;
    }

    private Candidate candidate(Participant participant) {
        return new Candidate(
                participant.id(),
                participant.leader(),
                participant.sessionId() == client.sessionId(),
                participant.fencingToken(),
                "0x" + Long.toHexString(participant.sessionId()));
    }
}
