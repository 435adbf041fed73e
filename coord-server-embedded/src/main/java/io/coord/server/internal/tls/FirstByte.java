package io.coord.server.internal.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;

/**
 * Tells TLS from plain text by the first byte, which is that of a handshake, 22, or not: a frame of ZooKeeper begins with the
 * length of a connect request, so with 0, and its four-letter words with a letter. Until a byte has come nothing is kept for the
 * connection; what comes after it goes its way without a further look.
 */
final class FirstByte extends ChannelInboundHandlerAdapter {
    private static final int HANDSHAKE = 22;

    private final TlsGate gate;
    private final boolean takesPlain;

    FirstByte(TlsGate gate, boolean takesPlain) {
        this.gate = gate;
        this.takesPlain = takesPlain;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        if (!arrived.isReadable()) {
            arrived.release();
            return;
        }
        if (isTls(arrived)) {
            if (!secure(context)) {
                arrived.release();
                context.close();
                return;
            }
        } else if (!takesPlain) {
            arrived.release();
            gate.onUnsuccessful();
            gate.complain(
                    "{} is closed: it does not speak TLS, and this port takes nothing else",
                    context.channel().remoteAddress());
            context.close();
            return;
        } else {
            gate.onPlain(context.channel().remoteAddress());
        }
        context.fireChannelRead(arrived);
        context.pipeline().remove(this);
    }

    private boolean secure(ChannelHandlerContext context) {
        SslHandler handler = gate.newHandler(context.channel());
        if (handler == null) {
            return false;
        }
        ChannelPipeline pipeline = context.pipeline();
        Handshake handshake = gate.begin();
        pipeline.addAfter(context.name(), null, handshake);
        pipeline.addAfter(context.name(), null, handler);
        return true;
    }

    /** Whether these bytes, the first of a connection, are those of a client that speaks TLS. */
    static boolean isTls(ByteBuf first) {
        return first.getUnsignedByte(first.readerIndex()) == HANDSHAKE;
    }
}
