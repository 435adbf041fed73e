package io.coord.server.internal.replication;

import io.coord.protocol.data.Id;
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

    /** Changes nothing. Whoever sees it applied has applied all that was committed before it was submitted, by any server. */
    record Barrier(long timeMs) implements Command {}
}
