package io.coord.recipes.leader;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.queue.QueueNode;
import io.coord.recipes.internal.queue.QueueNodes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A look at an election from outside. Thread-safe: it has no state.
 *
 * <pre>{@code
 * Election.participants(client, "/leader").thenAccept(candidates ->
 *         candidates.stream().filter(Participant::leader).forEach(leader -> use(leader.id())));
 * }</pre>
 */
public final class Election {
    private Election() {}

    /**
     * All candidates in the order in which they will lead; empty when there are none. One read for the list and one
     * for each 250 candidates; one that goes meanwhile is left out.
     *
     * @param path the path of the latches
     * @return completes on a callback thread of the client, or with a {@link io.coord.client.error.CoordException}
     */
    public static CompletionStage<List<Participant>> participants(CoordClient client, String path) {
        return QueueNodes.read(client, path).thenApply(nodes -> {
            List<Participant> present = new ArrayList<>(nodes.size());
            for (QueueNode node : nodes) {
                present.add(new Participant(
                        new String(node.data(), StandardCharsets.UTF_8),
                        present.isEmpty(),
                        node.path(),
                        node.stat().ephemeralOwner(),
                        node.stat().czxid()));
            }
            return List.copyOf(present);
        });
    }
}
