package io.coord.client.internal.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/** Asks a server by ZooKeeper's four letters {@code isro} whether it takes writes. Owned by the network thread. */
public final class WritabilityProbe extends ChannelInboundHandlerAdapter {
    private static final byte[] QUESTION = "isro".getBytes(StandardCharsets.US_ASCII);
    private static final String WRITABLE = "rw";

    private final Runnable onWritable;
    private final StringBuilder answer = new StringBuilder(WRITABLE.length());

    /** @param onWritable run when the server says that it does; nothing is told otherwise */
    public WritabilityProbe(Runnable onWritable) {
        this.onWritable = onWritable;
    }

    /** The channel stands. */
    public void open(Channel connected) {
        connected.writeAndFlush(Unpooled.wrappedBuffer(QUESTION), connected.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            while (bytes.isReadable() && answer.length() < WRITABLE.length()) {
                answer.append((char) bytes.readUnsignedByte());
            }
        } finally {
            bytes.release();
        }
        if (answer.length() == WRITABLE.length()) {
            ctx.close();
            if (answer.toString().equals(WRITABLE)) {
                answer.append('.');
                onWritable.run();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A server that cannot be asked is not the one.
        ctx.close();
    }
}
