package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** G2. That reads see earlier writes of their session follows with {@link ReadsShowOneMoment} and zxids that never go back. */
final class RepliesComeInOrder extends Invariant {
    private final Map<Integer, Deque<Integer>> awaited = new HashMap<>();

    RepliesComeInOrder() {
        super("the requests of a connection are answered in the order in which they were sent");
    }

    @Override
    protected void onConnected(int client, long sessionId) {
        awaited.put(client, new ArrayDeque<>());
    }

    @Override
    protected void onSent(int client, int xid, Request request) {
        if (xid > 0) {
            awaited.get(client).addLast(xid);
        }
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        if (xid > 0) {
            Integer expected = awaited.get(client).pollFirst();
            require(expected != null && expected == xid, "client %d got xid %d, %s is next", client, xid, expected);
        }
    }
}
