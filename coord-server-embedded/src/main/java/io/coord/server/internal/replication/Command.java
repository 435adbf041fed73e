package io.coord.server.internal.replication;

import io.coord.protocol.data.Id;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.Request;
import java.util.List;

/**
 * One entry of the log: what is to be done, not what came of it. It is evaluated once, after it was committed, and carries
 * all that evaluation needs from outside: the wall-clock time, the connection's identities, random bytes. So every replica
 * comes to the same result.
 */
public sealed interface Command {
    /** Wall-clock milliseconds since the epoch where the command was made; the state never lets time go back. */
    long timeMs();

    /** What a write may do, as its server was made and set when the write came. */
    enum Rules {
        /** Of older logs: no ACL may name x509 or sasl, and no quota refuses. */
        FIRST,
        /** What leads beyond a quota is done, and told of. */
        QUOTAS_TOLD,
        /** What would lead beyond a hard quota is refused. */
        QUOTAS_ENFORCED
    }

    /**
     * A client's write.
     *
     * @param attachment which attachment of the session it came through; an older one than the session's current gets
     *     SESSION_MOVED and changes nothing
     * @param ids whom the connection has authenticated as, its address included
     * @param rules by which it is judged, on every replica and at each replay
     * @param request one whose opcode is a write: create, delete, setData, setACL, multi
     */
    record Write(long timeMs, long sessionId, int attachment, List<Id> ids, Rules rules, Request request)
            implements Command {
        /** One that no quota refuses. */
        public Write(long timeMs, long sessionId, int attachment, List<Id> ids, Request request) {
            this(timeMs, sessionId, attachment, ids, Rules.QUOTAS_TOLD, request);
        }
    }

    /**
     * Opens a session; the state gives it its id, and attachment number 1.
     *
     * @param timeoutMs as negotiated
     * @param password 16 random bytes
     */
    record CreateSession(long timeMs, int timeoutMs, byte[] password) implements Command {}

    /** A client comes back to its session through a new connection. Raises the session's attachment number by one. */
    record AttachSession(long timeMs, long sessionId, int timeoutMs, byte[] password) implements Command {}

    /**
     * Ends a session and deletes its ephemerals, all under one zxid. Without effect when the session has another
     * attachment number by now: a client that came back in time cancels the expiry that was already on its way.
     *
     * @param expired whether the server proposed it, rather than the client
     */
    record CloseSession(long timeMs, long sessionId, int attachment, boolean expired) implements Command {}

    /**
     * Deletes a childless container, or a childless znode whose time to live is over by the time of this command; checked
     * again when it is applied, and without effect when a client came first with a child or with new data.
     *
     * @param maxNeverUsedMs for how long a container may wait for its first child; 0 for ever
     */
    record ReapZnode(long timeMs, String path, long maxNeverUsedMs) implements Command {}

    /**
     * A client asks for other members of the ensemble. When that is in order it is under way, until {@link EndReconfig}.
     *
     * @param attachment as a {@link Write}'s
     * @param leastVoters as many members with a vote there must be
     */
    record Reconfig(long timeMs, long sessionId, int attachment, List<Id> ids, int leastVoters, ReconfigRequest request)
            implements Command {}

    /**
     * The leader has changed the members as they were asked for, or has given up. Without effect unless that change is under way.
     *
     * @param id of the change
     * @param done false when nothing was changed
     */
    record EndReconfig(long timeMs, long id, boolean done) implements Command {}

    /**
     * The leader tells who the members are, when nobody has said so, or the state says something else than the log. Without effect
     * while a change is under way, and when the state says something else by now.
     *
     * @param version of what the state said when this was submitted
     * @param members their lines
     */
    record NameMembers(long timeMs, long version, String members) implements Command {}

    /** Changes nothing. Whoever sees it applied has applied all that was committed before it was submitted, by any server. */
    record Barrier(long timeMs) implements Command {}
}
