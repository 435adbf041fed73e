package io.coord.testkit;

import io.coord.testkit.FaultProxy.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Carries bytes from one socket to another, late or not at all while a fault says so. Owned by the proxy's event loop.
 *
 * <p>Invariant: everything goes through the queue, in the order of arrival, the end of the stream too.
 */
final class Pipe extends ChannelInboundHandlerAdapter {
    private static final int MOST_BYTES_HELD = 4 << 20;

    private final Channel source;
    private final Channel sink;
    private final Queue<Piece> held = new ArrayDeque<>();
    private long heldBytes;
    private Fault fault = Fault.NONE;
    private boolean ended;

    Pipe(Channel source, Channel sink) {
        this.source = source;
        this.sink = sink;
    }

    void apply(Fault newFault) {
        boolean sooner = newFault.delayNanos() < fault.delayNanos();
        fault = newFault;
        if (sooner) {
            long now = System.nanoTime();
            held.forEach(piece -> piece.dueNanos = Math.min(piece.dueNanos, now + newFault.delayNanos()));
        }
        drain();
    }

    void discard() {
        ended = true;
        held.forEach(piece -> piece.bytes.release());
        held.clear();
        heldBytes = 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
            return;
        }
        hold((ByteBuf) message, false);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        drain();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!ended) {
            hold(Unpooled.EMPTY_BUFFER, true);
            ended = true;
            drain();
        }
    }

    /** The other side takes bytes again. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Pipe opposite = sink.pipeline().get(Pipe.class);
        if (opposite != null) {
            opposite.drain();
        }
    }

    /** A reset by a peer; {@link #channelInactive} follows and passes it on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void hold(ByteBuf bytes, boolean end) {
        held.add(new Piece(bytes, end, System.nanoTime() + fault.delayNanos()));
        heldBytes += bytes.readableBytes();
    }

    private void drain() {
        if (!sink.isActive()) {
            discard();
            return;
        }
        while (!fault.stall() && sink.isWritable() && !held.isEmpty()) {
            Piece next = held.element();
            long early = next.dueNanos - System.nanoTime();
            if (early > 0) {
                source.eventLoop().schedule(this::drain, early, TimeUnit.NANOSECONDS);
                break;
            }
            held.remove();
            heldBytes -= next.bytes.readableBytes();
            if (next.end) {
                sink.writeAndFlush(next.bytes).addListener(ChannelFutureListener.CLOSE);
            } else {
                sink.write(next.bytes);
            }
        }
        sink.flush();
        source.config().setAutoRead(!fault.stall() && heldBytes < MOST_BYTES_HELD && sink.isWritable());
    }

    /** Bytes on their way; the last one carries the end of the stream. */
    private static final class Piece {
        final ByteBuf bytes;
        final boolean end;
        long dueNanos;

        Piece(ByteBuf bytes, boolean end, long dueNanos) {
            this.bytes = bytes;
            this.end = end;
            this.dueNanos = dueNanos;
        }
    }
}
