package io.coord.client.internal.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCompletionEvent;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/**
 * Says what TLS found wrong in words that tell what to do. A server of TLS 1.3 judges the client's certificate when the client
 * takes the handshake for over, so its refusal may come later, as a failure of the connection.
 */
final class ServerRefusals extends ChannelInboundHandlerAdapter {
    private static final String ALERT = "Received fatal alert: ";

    private boolean isShaken;

    /** From now on what fails is the connection, and no attempt any more. */
    void onShaken() {
        isShaken = true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext at, Object event) {
        if (!(event instanceof SslCompletionEvent)) {
            at.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
        if (!isShaken) {
            // The future of the handshake tells of it.
            at.close();
            return;
        }
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        at.fireExceptionCaught(inner instanceof SSLException ? new SSLException(reason(inner), inner) : cause);
    }

    static SSLException describe(Throwable failure) {
        return new SSLException(reason(failure), failure);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof NotSslRecordException) {
            return "the server does not speak TLS on this port";
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof ClosedChannelException || message.startsWith("Connection closed while")) {
            return "the server closed the connection during the handshake: perhaps its port is not for TLS";
        }
        if (!message.startsWith(ALERT)) {
            return message;
        }
        String alert = message.substring(ALERT.length());
        return switch (alert) {
            case "certificate_required", "bad_certificate" ->
                "the server needs a certificate of this client, and has got none that it takes (" + alert + ')';
            case "certificate_unknown",
                    "unknown_ca",
                    "certificate_expired",
                    "certificate_revoked",
                    "unsupported_certificate",
                    "access_denied" -> "the server refuses the certificate of this client (" + alert + ')';
            case "handshake_failure", "protocol_version", "insufficient_security" ->
                "the server and this client have no protocol and cipher suite in common, or the server needs a"
                        + " certificate of this client (" + alert + ')';
            default -> message;
        };
    }
}
