package io.coord.verification.simulation;

import io.coord.recipes.internal.queue.ContenderPort;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.pipeline.Outbound;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;

/** A bug that is planted behind a port, so that an invariant can show that it would notice. Nothing here by itself. */
interface Mutation {
    Mutation NONE = new Mutation() {};

    default Outbound outbound(Outbound real) {
        return real;
    }

    default Replicator replicator(Replicator real, SimulatedProcess process) {
        return real;
    }

    default ReplicatedState state(ReplicatedState real) {
        return real;
    }

    default LogDirectory directory(LogDirectory real) {
        return real;
    }

    default ContenderPort contenderPort(ContenderPort real) {
        return real;
    }

    /** Whether consensus may append a submission of unknown fate once more. */
    default boolean repeatsUnknownSubmissions() {
        return false;
    }
}
