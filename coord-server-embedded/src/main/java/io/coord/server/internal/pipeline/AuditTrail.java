package io.coord.server.internal.pipeline;

import io.coord.protocol.data.Id;
import io.coord.protocol.request.Request;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.tree.TreeChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Told of what clients of this server change, or may not. Owner thread, which must not be held up. Ids are those of the
 * connection, that of its address first.
 */
public interface AuditTrail {
    /** For those who want no record. */
    AuditTrail NONE = new AuditTrail() {
        @Override
        public void onWrite(Session session, List<Id> ids, Request request, Answer answer) {}

        @Override
        public void onUnknownWrite(Session session, List<Id> ids, Request request) {}

        @Override
        public void onSessionEnded(Session session, List<TreeChange> changes) {}

        @Override
        public void onAuthFailed(Session session, List<Id> ids, @Nullable String scheme) {}
    };

    /**
     * A write took effect, or surely did not.
     *
     * @param answer with the results of a multi, which may have failed though the answer is none of failure
     */
    void onWrite(Session session, List<Id> ids, Request request, Answer answer);

    /** Nobody knows whether a write will be found in the log when the server starts again. */
    void onUnknownWrite(Session session, List<Id> ids, Request request);

    /** A session has ended, its client's or another's. */
    void onSessionEnded(Session session, List<TreeChange> changes);

    /**
     * A client could not show who it is, or has not where it must.
     *
     * @param scheme as the client has spelt it; null when it named none
     */
    void onAuthFailed(Session session, List<Id> ids, @Nullable String scheme);
}
