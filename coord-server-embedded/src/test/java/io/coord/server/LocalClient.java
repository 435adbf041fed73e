package io.coord.server;

import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.RequestHeader;
import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A client without a socket. One request at a time, so that what arrives at once is one frame. */
final class LocalClient implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private final AtomicLong takenBytes = new AtomicLong();
    private volatile boolean onlyCounting;
    private final Channel channel;

    private LocalClient(LocalAddress address) {
        channel = new Bootstrap()
                .group(group)
                .channel(LocalChannel.class)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
                        if (onlyCounting) {
                            takenBytes.addAndGet(message.readableBytes());
                        } else {
                            arrived.add(ByteBufUtil.getBytes(message));
                        }
                    }
                })
                .connect(address)
                .syncUninterruptibly()
                .channel();
    }

    /** Opens a connection with a new session. */
    static LocalClient connect(LocalAddress address) {
        LocalClient client = new LocalClient(address);
        client.exchange(out -> new ConnectRequest(0, 0, 10_000, 0, new byte[16], false).encode(out));
        return client;
    }

    /** The error code of the reply. */
    int call(int xid, Request request) {
        ByteBuf reply = exchange(out -> {
            new RequestHeader(xid, request.op().code()).encode(out);
            request.encode(out);
        });
        reply.skipBytes(Integer.BYTES);
        return ReplyHeader.decode(new WireReader(reply)).error();
    }

    /** Sends without waiting for the reply. */
    void send(int xid, Request request) {
        write(out -> {
            new RequestHeader(xid, request.op().code()).encode(out);
            request.encode(out);
        });
    }

    /** What the server sends from now on is left lying, and only counted when it is taken. */
    void stopTaking() {
        onlyCounting = true;
        channel.config().setAutoRead(false);
    }

    void takeAgain() {
        channel.config().setAutoRead(true);
    }

    /** Since {@link #stopTaking}. */
    long takenBytes() {
        return takenBytes.get();
    }

    private ByteBuf exchange(Consumer<WireWriter> content) {
        write(content);
        try {
            byte[] reply = arrived.poll(20, TimeUnit.SECONDS);
            if (reply == null) {
                throw new AssertionError("no reply");
            }
            return Unpooled.wrappedBuffer(reply);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void write(Consumer<WireWriter> content) {
        ByteBuf buffer = Unpooled.buffer();
        WireWriter out = new WireWriter(buffer);
        int mark = out.beginFrame();
        content.accept(out);
        out.endFrame(mark);
        channel.writeAndFlush(buffer);
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
