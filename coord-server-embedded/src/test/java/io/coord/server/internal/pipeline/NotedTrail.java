package io.coord.server.internal.pipeline;

import io.coord.protocol.data.Id;
import io.coord.protocol.request.Request;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.tree.TreeChange;
import java.util.List;

/**
 * A trail of short texts.
 *
 * @param writers who did the writes that were decided
 */
record NotedTrail(List<String> noted, List<List<Id>> writers) implements AuditTrail {
    @Override
    public void onWrite(Session session, List<Id> ids, Request request, Answer answer) {
        noted.add(request.op() + " " + answer.error());
        writers.add(ids);
    }

    @Override
    public void onUnknownWrite(Session session, List<Id> ids, Request request) {
        noted.add(request.op() + " unknown");
    }

    @Override
    public void onSessionEnded(Session session, List<TreeChange> changes) {
        noted.add("end " + changes.stream().map(TreeChange::path).toList());
    }

    @Override
    public void onAuthFailed(Session session, List<Id> ids, String scheme) {
        noted.add("no " + scheme + " from " + ids);
    }
}
