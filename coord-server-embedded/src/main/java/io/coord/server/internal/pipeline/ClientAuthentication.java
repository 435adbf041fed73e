package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.GetSaslRequest;
import io.coord.protocol.response.EmptyResponse;
import io.coord.protocol.response.SetSaslResponse;
import io.coord.server.internal.auth.AuthScheme;
import io.coord.server.internal.auth.SaslStep;
import io.coord.server.internal.metrics.Counter;
import io.coord.server.internal.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients show who they are, or fail to. Answered out of turn, as they expect. */
final class ClientAuthentication {
    private static final Logger LOG = LoggerFactory.getLogger(ClientAuthentication.class);

    private final Counter failures;
    private final AuditTrail audit;

    ClientAuthentication(Counter failures, AuditTrail audit) {
        this.failures = failures;
        this.audit = audit;
    }

    void onProof(ClientConnection connection, int xid, AuthPacket packet) {
        if (connection.identities.add(packet.scheme(), packet.auth())) {
            connection.outbound.reply(xid, 0, ErrorCode.OK, EmptyResponse.INSTANCE);
        } else {
            refuse(connection, xid, packet.scheme());
        }
    }

    void onSaslToken(ClientConnection connection, int xid, GetSaslRequest request) {
        SaslStep step = connection.identities.onSaslToken(request.token());
        if (step.isAccepted()) {
            connection.outbound.reply(xid, 0, ErrorCode.OK, new SetSaslResponse(step.token()));
        } else {
            refuse(connection, xid, AuthScheme.SASL.schemeName());
        }
    }

    private void refuse(ClientConnection connection, int xid, String scheme) {
        failures.increment();
        noteRefusal(connection, scheme);
        LOG.info("Authentication failed for {}", connection);
        connection.outbound.reply(xid, 0, ErrorCode.AUTH_FAILED, null);
        connection.endAfterReplies();
    }

    private void noteRefusal(ClientConnection connection, @Nullable String scheme) {
        Session session = connection.session;
        if (session != null) {
            audit.onAuthFailed(session, connection.identities.told(), scheme);
        }
    }

    /** Who it is must be known here, and is not. */
    void turnAway(ClientConnection connection, int xid) {
        noteRefusal(connection, null);
        LOG.info("{} has not authenticated by any scheme that is required", connection);
        connection.outbound.reply(xid, 0, ErrorCode.SESSION_CLOSED_REQUIRES_SASL_AUTH, null);
        connection.endAfterReplies();
    }
}
