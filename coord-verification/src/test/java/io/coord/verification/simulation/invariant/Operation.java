package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/** One call of a client from its invocation to its outcome. */
public final class Operation {
    /** What a client knows in the end. */
    public enum Outcome {
        PENDING,
        OK,
        /** The servers said no. */
        REFUSED,
        /** It may have happened. */
        UNKNOWN,
        /** It never got to a server, or changed nothing there. */
        NOT_DONE
    }

    public final int client;
    public final Request request;
    /** Never sent twice. */
    public final boolean once;

    public Outcome outcome = Outcome.PENDING;
    public @Nullable Response response;
    public int error;

    public Operation(int client, Request request, boolean once) {
        this.client = client;
        this.request = request;
        this.once = once;
    }

    @Override
    public String toString() {
        return request.op() + " of client " + client + ": " + outcome;
    }
}
