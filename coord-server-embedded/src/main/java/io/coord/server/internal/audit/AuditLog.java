package io.coord.server.internal.audit;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.server.internal.audit.AuditEvent.Result;
import io.coord.server.internal.auth.AuthScheme;
import io.coord.server.internal.pipeline.AuditTrail;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.tree.TreeChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notes what ZooKeeper's audit log notes, and refused proofs of identity besides. Owner thread; {@link AuditWriter} does the
 * rest.
 */
public final class AuditLog implements AuditTrail {
    private static final String START = "serverStart";
    private static final String STOP = "serverStop";
    private static final String MULTI = "multiOperation";
    private static final String AUTHENTICATE = "authenticate";
    private static final String EPHEMERAL_DELETED = "ephemeralZNodeDeletionOnSessionCloseOrExpire";

    private final AuditWriter writer;
    private final String systemUser;

    /** @param systemUser who runs the server */
    public AuditLog(AuditWriter writer, String systemUser) {
        this.writer = writer;
        this.systemUser = systemUser;
    }

    public void onServerStarted() {
        writer.write(AuditEvent.ofServer(systemUser, 0, START, null, Result.SUCCESS));
    }

    /** @param wasOpen whether it had let clients in; if not, its start has failed */
    public void onServerStopping(boolean wasOpen) {
        writer.write(
                wasOpen
                        ? AuditEvent.ofServer(systemUser, 0, STOP, null, Result.INVOKED)
                        : AuditEvent.ofServer(systemUser, 0, START, null, Result.FAILURE));
    }

    @Override
    public void onSessionEnded(Session session, List<TreeChange> changes) {
        for (TreeChange each : changes) {
            if (each.type() == EventType.NODE_DELETED) {
                writer.write(
                        AuditEvent.ofServer(systemUser, session.id(), EPHEMERAL_DELETED, each.path(), Result.SUCCESS));
            }
        }
    }

    @Override
    public void onAuthFailed(Session session, List<Id> ids, @Nullable String scheme) {
        // As long as a client likes, and anything at all, so only what is known is shown.
        @Nullable AuthScheme known = scheme == null ? null : AuthScheme.of(scheme);
        writer.write(new AuditEvent(
                session.id(),
                ids,
                null,
                AUTHENTICATE,
                null,
                null,
                null,
                known == null ? null : known.schemeName(),
                Result.FAILURE));
    }

    @Override
    public void onWrite(Session session, List<Id> ids, Request request, Answer answer) {
        Client client = new Client(session.id(), ids);
        if (request instanceof MultiRequest multi) {
            onMulti(client, multi, answer);
        } else {
            note(client, request, answer.response(), answer.isOk() ? Result.SUCCESS : Result.FAILURE);
        }
    }

    @Override
    public void onUnknownWrite(Session session, List<Id> ids, Request request) {
        Client client = new Client(session.id(), ids);
        if (request instanceof MultiRequest) {
            note(client, MULTI, null, null, null, Result.INVOKED);
        } else {
            note(client, request, null, Result.INVOKED);
        }
    }

    private record Client(long sessionId, List<Id> ids) {}

    /** Its steps, or that it failed as a whole. */
    private void onMulti(Client client, MultiRequest multi, Answer answer) {
        List<MultiResponse.Result> results =
                answer.response() instanceof MultiResponse response ? response.results() : List.of();
        boolean failed = !answer.isOk() || results.stream().anyMatch(MultiResponse.Failed.class::isInstance);
        if (failed) {
            note(client, MULTI, null, null, null, Result.FAILURE);
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof MultiResponse.Done done) {
                note(client, multi.ops().get(i), done.response(), Result.SUCCESS);
            }
        }
    }

    /** @param response that of a create says how the znode is called */
    private void note(Client client, Request request, @Nullable Response response, Result result) {
        if (request instanceof CreateRequest create) {
            note(client, "create", created(response, create.path()), modeOf(create), null, result);
        } else if (request instanceof CreateTtlRequest create) {
            CreateMode mode = CreateMode.ofFlag(create.flags());
            note(client, "create", created(response, create.path()), mode, null, result);
        } else if (request instanceof DeleteRequest delete) {
            note(client, "delete", delete.path(), null, null, result);
        } else if (request instanceof SetDataRequest set) {
            note(client, "setData", set.path(), null, null, result);
        } else if (request instanceof SetAclRequest set) {
            note(client, "setAcl", set.path(), null, set.acl(), result);
        }
    }

    private void note(
            Client client,
            String operation,
            @Nullable String znode,
            @Nullable CreateMode type,
            @Nullable List<Acl> acl,
            Result result) {
        writer.write(new AuditEvent(client.sessionId, client.ids, null, operation, znode, type, acl, null, result));
    }

    private static @Nullable CreateMode modeOf(CreateRequest create) {
        return create.op() == OpCode.CREATE_CONTAINER ? CreateMode.CONTAINER : CreateMode.ofFlag(create.flags());
    }

    /** With its number, if it has one. */
    private static String created(@Nullable Response response, String asked) {
        if (response instanceof CreateResponse created) {
            return created.path();
        }
        return response instanceof Create2Response created ? created.path() : asked;
    }
}
