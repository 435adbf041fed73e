package io.coord.server.internal.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind Netty's handler of one connection and tells what became of the handshake; stays there to keep what TLS itself
 * finds wrong, which is the client's doing, from looking like a failure of the server.
 */
final class Handshake extends ChannelInboundHandlerAdapter {
    private final TlsGate gate;
    private final long begunMs;
    private @Nullable ChannelHandlerContext context;
    private boolean isOver;

    Handshake(TlsGate gate, long begunMs) {
        this.gate = gate;
        this.begunMs = begunMs;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        onOver();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        onUnsuccessful();
        inactive.fireChannelInactive();
    }

    void onTick(long nowMs, long timeoutMs) {
        ChannelHandlerContext at = context;
        if (at != null && nowMs - begunMs > timeoutMs) {
            onUnsuccessful();
            gate.complain(
                    "{} is closed: its TLS handshake was not over within {} ms",
                    at.channel().remoteAddress(),
                    timeoutMs);
            at.channel().close();
        }
    }

    private void onUnsuccessful() {
        if (!isOver) {
            gate.onUnsuccessful();
        }
        onOver();
    }

    private void onOver() {
        isOver = true;
        gate.onOver(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext at, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                onOver();
                tellCertificate(at);
            } else {
                onFailure(at, done.cause());
            }
        } else if (!(event instanceof SslCloseCompletionEvent)) {
            at.fireUserEventTriggered(event);
        }
    }

    private static void tellCertificate(ChannelHandlerContext at) {
        SslHandler tls = at.pipeline().get(SslHandler.class);
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            if (chain[0] instanceof X509Certificate own) {
                at.fireUserEventTriggered(new PeerCertificate(own));
            }
        } catch (SSLPeerUnverifiedException e) {
            // It was not asked, or did not have to.
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof SSLException || !isOver) {
            onFailure(at, inner);
        } else {
            at.fireExceptionCaught(cause);
        }
    }

    /** Netty tells of one failure in more ways than one. */
    private void onFailure(ChannelHandlerContext at, Throwable cause) {
        boolean wasOver = isOver;
        onUnsuccessful();
        if (cause instanceof ClosedChannelException
                || (cause instanceof IOException && !(cause instanceof SSLException))) {
            at.close();
            return;
        }
        if (!wasOver) {
            gate.complain("TLS with {} came to nothing: {}", at.channel().remoteAddress(), reason(cause));
        } else if (at.channel().isActive()) {
            gate.complain("{} is closed: {}", at.channel().remoteAddress(), reason(cause));
        }
        at.close();
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Empty client certificate chain")) {
            return "it has shown no certificate, and one is needed";
        }
        if (message.startsWith("Received fatal alert")) {
            return "it refuses us: " + message;
        }
        return message;
    }
}
