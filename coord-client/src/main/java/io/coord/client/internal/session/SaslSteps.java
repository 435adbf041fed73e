package io.coord.client.internal.session;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.request.GetSaslRequest;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.SetSaslResponse;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * Shows each new connection's server who the client is, by SASL, before anything else is sent: what it is asked by then it would
 * answer to a stranger. Owned by the network thread.
 */
final class SaslSteps {
    enum Progress {
        UNDER_WAY,
        DONE,
        /** {@link #refusal} says why. */
        REFUSED
    }

    private final SaslConversation.@Nullable Factory identity;
    private final SessionPort port;
    private @Nullable SaslConversation conversation;
    private int awaitedXid;
    private String refusal = "";

    SaslSteps(SaslConversation.@Nullable Factory identity, SessionPort port) {
        this.identity = identity;
        this.port = port;
    }

    boolean isNeeded() {
        return identity != null;
    }

    /** Why the server, or this client, will not go on; who it is that was refused, and no secret. */
    String refusal() {
        return refusal;
    }

    /** Whether a reply with this xid is an answer to the step that was sent last. */
    boolean isAwaiting(int xid) {
        return conversation != null && xid == awaitedXid;
    }

    /** The first step on a new connection. */
    Progress begin(int xid) {
        if (identity == null) {
            return Progress.DONE;
        }
        try {
            SaslConversation begun = identity.begin();
            conversation = begun;
            return send(xid, begun.firstToken());
        } catch (SaslException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private Progress send(int xid, byte[] token) {
        awaitedXid = xid;
        port.send(xid, new GetSaslRequest(token));
        return Progress.UNDER_WAY;
    }

    /**
     * The server has answered.
     *
     * @param nextXid for one more step
     */
    Progress onReply(int error, @Nullable Response response, int nextXid) {
        SaslConversation present = conversation;
        if (present == null || error != ErrorCode.OK.code()) {
            return refused("the server refuses it, error " + error);
        }
        byte @Nullable [] challenge = response instanceof SetSaslResponse said ? said.token() : null;
        if (challenge == null) {
            return refused("the server knows no users of SASL, or does not say whether it knows this one");
        }
        try {
            byte @Nullable [] token = present.answer(challenge);
            if (token != null) {
                return send(nextXid, token);
            }
            return present.isComplete() ? done() : refused("the server has said too little");
        } catch (SaslException e) {
            return refused(String.valueOf(e.getMessage()));
        }
    }

    private Progress done() {
        conversation = null;
        return Progress.DONE;
    }

    private Progress refused(String why) {
        conversation = null;
        refusal = identity + ": " + why;
        return Progress.REFUSED;
    }

    /** The connection is gone; the next one begins anew. */
    void onConnectionLost() {
        conversation = null;
    }
}
