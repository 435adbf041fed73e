package io.coord.spring.leader;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.LeaderLatch.CloseMode;

/**
 * Elections by name. A {@link LeaderLatch} that is a bean starts to contend when the application has started and gives up when it
 * stops, before web requests are drained:
 *
 * <pre>{@code
 * @Bean
 * LeaderLatch restocking(LeaderElections elections) {
 *     return elections.latch("restocking");
 * }
 * }</pre>
 *
 * <p>Thread-safe: immutable.
 */
public final class LeaderElections {

    private final CoordClient client;
    private final String root;
    private final String candidate;

    /**
     * @param root path that all elections live below
     * @param candidate what the other candidates see of this one
     */
    public LeaderElections(CoordClient client, String root, String candidate) {
        this.client = client;
        this.root = ZnodePath.validate(root);
        this.candidate = candidate;
    }

    /**
     * A new candidate of the election with this name, not started yet.
     *
     * @throws io.coord.protocol.data.InvalidPathException when the name is not one or more elements of a path
     */
    public LeaderLatch latch(String name) {
        return latch(name, CloseMode.SILENT);
    }

    /**
     * As {@link #latch(String)}.
     *
     * @param closeMode what closing the latch tells its listeners
     */
    public LeaderLatch latch(String name, CloseMode closeMode) {
        return new LeaderLatch(client, root + '/' + name, candidate, closeMode);
    }
}
