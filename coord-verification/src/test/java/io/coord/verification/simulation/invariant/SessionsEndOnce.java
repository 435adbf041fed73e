package io.coord.verification.simulation.invariant;

import io.coord.protocol.ErrorCode;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.session.Session;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** G18, G19 and G20, by a count of its own. */
final class SessionsEndOnce extends Invariant {
    private final History history;
    private final Map<Long, Integer> attachments = new HashMap<>();
    private final Set<Long> ended = new HashSet<>();
    private long newestId;

    SessionsEndOnce(History history) {
        super("a session that has ended stays so, its id is never given again, and only its newest connection writes");
        this.history = history;
    }

    @Override
    protected void onApplied(Commit commit) {
        Session opened = commit.effects().opened();
        if (opened != null && commit.command() instanceof Command.CreateSession) {
            require(opened.id() > newestId, "session 0x%x was given after 0x%x", opened.id(), newestId);
            newestId = opened.id();
            attachments.put(opened.id(), 1);
        } else if (opened != null) {
            require(!ended.contains(opened.id()), "session 0x%x was attached after its end", opened.id());
            attachments.merge(opened.id(), 1, Integer::sum);
        }
        Session closed = commit.effects().closed();
        if (closed != null) {
            require(ended.add(closed.id()), "session 0x%x ended twice", closed.id());
        }
        if (commit.command() instanceof Command.CloseSession close && closed != null) {
            int current = attachments.getOrDefault(close.sessionId(), 0);
            require(
                    close.attachment() == current,
                    "session 0x%x was ended through attachment %d of %d",
                    close.sessionId(),
                    close.attachment(),
                    current);
        }
        if (commit.command() instanceof Command.Write write) {
            ErrorCode error = commit.effects().answer().error();
            boolean happened = !commit.effects().changes().isEmpty();
            int current = attachments.getOrDefault(write.sessionId(), 0);
            if (ended.contains(write.sessionId())) {
                require(
                        !happened && error == ErrorCode.SESSION_EXPIRED,
                        "session 0x%x has ended and wrote: %s",
                        write.sessionId(),
                        error);
            } else if (write.attachment() != current) {
                require(
                        !happened && error == ErrorCode.SESSION_MOVED,
                        "session 0x%x wrote through attachment %d of %d",
                        write.sessionId(),
                        write.attachment(),
                        current);
            }
        }
    }

    @Override
    protected void onConnected(int client, long sessionId) {
        require(
                history.reference().sessions().get(sessionId) != null || ended.contains(sessionId),
                "client %d was given session 0x%x, which nobody has opened",
                client,
                sessionId);
    }
}
