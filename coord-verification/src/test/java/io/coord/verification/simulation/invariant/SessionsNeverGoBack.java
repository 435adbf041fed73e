package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** G3 and G4. */
final class SessionsNeverGoBack extends Invariant {
    private final Map<Integer, Long> sessions = new HashMap<>();
    private final Map<Long, Long> seen = new HashMap<>();

    SessionsNeverGoBack() {
        super("a session never sees an older state than it has seen, on whatever server it goes on");
    }

    @Override
    protected void onConnected(int client, long sessionId) {
        sessions.put(client, sessionId);
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        Long session = sessions.get(client);
        if (session == null || zxid == 0) {
            return;
        }
        long before = seen.getOrDefault(session, 0L);
        require(zxid >= before, "client %d is answered at zxid 0x%x after 0x%x", client, zxid, before);
        seen.put(session, zxid);
    }
}
