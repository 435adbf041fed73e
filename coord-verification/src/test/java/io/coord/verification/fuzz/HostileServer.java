package io.coord.verification.fuzz;

import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.RequestHeader;
import io.coord.protocol.response.AddWatchResponse;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers as an input says for as long as the input lasts; then it breaks the connection and is an honest
 * server to all that come. In-process, on a thread of its own.
 */
final class HostileServer implements AutoCloseable {
    private static final int SESSION_TIMEOUT_MS = 30_000;
    private static final Stat STAT = new Stat(1, 1, 0, 0, 0, 0, 0, 0, 2, 0, 1);
    private static final List<OpCode> OPS = List.of(OpCode.values());
    private static final int LENGTH_BYTES = 4;
    private static final String[] PATHS = {
        "/ns/a", "/ns", "/n", "/", "", "x", "ns/a", "/ns/a/", "//", "/ns//a", "/nsx", "/ns/b"
    };

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final LocalAddress address = new LocalAddress("hostile-" + System.nanoTime());
    private volatile @Nullable FuzzInput script;
    private volatile @Nullable Channel current;
    private long zxid = 1;

    HostileServer() {
        new ServerBootstrap()
                .group(group)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Conversation());
                    }
                })
                .bind(address)
                .syncUninterruptibly();
    }

    LocalAddress address() {
        return address;
    }

    /** From now on, for as long as the input lasts. */
    void obey(FuzzInput choices) {
        script = choices;
    }

    /** Whether the input is used up. */
    boolean isHonest() {
        return script == null;
    }

    /** Leaves the rest of the input and is honest again, on another connection. */
    void giveUp() {
        script = null;
        cut();
    }

    /** Breaks the connection that stands. */
    void cut() {
        Channel open = current;
        if (open != null) {
            open.close().syncUninterruptibly();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Conversation extends ChannelInboundHandlerAdapter {
        private final ByteBuf arrived = Unpooled.buffer();
        private boolean connected;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            current = context.channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf more = (ByteBuf) message;
            arrived.writeBytes(more);
            more.release();
            while (arrived.readableBytes() >= LENGTH_BYTES
                    && arrived.readableBytes() >= LENGTH_BYTES + arrived.getInt(arrived.readerIndex())) {
                ByteBuf frame = arrived.readSlice(arrived.readInt());
                ByteBuf answer = context.alloc().buffer();
                FuzzInput choices = script;
                onFrame(frame, answer, choices);
                context.writeAndFlush(answer);
                if (choices != null && choices.isEmpty()) {
                    script = null;
                    context.close();
                    return;
                }
            }
            arrived.discardReadBytes();
        }

        private void onFrame(ByteBuf frame, ByteBuf answer, @Nullable FuzzInput choices) {
            WireWriter out = new WireWriter(answer);
            if (!connected) {
                connected = true;
                int mark = out.beginFrame();
                welcome(choices).encode(out);
                out.endFrame(mark);
                if (choices != null) {
                    spoil(answer, out, mark, choices);
                }
                return;
            }
            RequestHeader header = RequestHeader.decode(new WireReader(frame));
            OpCode op = OpCode.of(header.opCode());
            if (choices == null) {
                reply(out, header.xid(), 0, honestResponse(op));
                return;
            }
            for (int i = choices.choice(4); i >= 0; i--) {
                say(answer, out, header, op, choices);
            }
        }

        private ConnectResponse welcome(@Nullable FuzzInput choices) {
            int kind = choices == null ? 0 : choices.next();
            return new ConnectResponse(
                    kind == 255 ? choices.extreme() : 0,
                    kind == 254 ? Math.max(2_000, choices.extreme()) : kind == 253 ? 0 : SESSION_TIMEOUT_MS,
                    kind == 252 ? choices.nextInt() : 1,
                    kind == 251 ? choices.take(40) : kind == 250 ? null : new byte[16],
                    kind == 249 ? null : Boolean.FALSE);
        }

        private void say(ByteBuf answer, WireWriter out, RequestHeader header, @Nullable OpCode op, FuzzInput choices) {
            int mark = answer.writerIndex();
            switch (choices.choice(16)) {
                case 0 -> reply(out, header.xid() + 1, 0, honestResponse(op));
                case 1 -> reply(out, choices.extreme(), choices.extreme(), null);
                case 2 -> reply(out, header.xid(), choices.next() - 200, null);
                case 3 -> reply(out, header.xid(), 0, honestResponse(OPS.get(choices.choice(OPS.size()))));
                case 4, 5 -> {
                    out.beginFrame();
                    new ReplyHeader(Xid.NOTIFICATION, choices.extreme(), 0).encode(out);
                    new WatcherEvent(choices.next() - 4, choices.next() % 8, PATHS[choices.choice(PATHS.length)])
                            .encode(out);
                    out.endFrame(mark);
                }
                case 6 -> answer.writeInt(choices.extreme()).writeBytes(choices.take(choices.next()));
                case 7 -> {
                    out.beginFrame();
                    new ReplyHeader(header.xid(), ++zxid, 0).encode(out);
                    answer.writeBytes(choices.take(choices.next()));
                    out.endFrame(mark);
                }
                case 8, 9 -> {
                    reply(out, header.xid(), 0, honestResponse(op));
                    spoil(answer, out, mark, choices);
                }
                case 10 -> {
                    reply(out, header.xid(), 0, honestResponse(op));
                    reply(out, header.xid(), 0, honestResponse(op));
                }
                case 11 -> {
                    // Silence; what follows answers the next request.
                }
                default -> reply(out, header.xid(), 0, honestResponse(op));
            }
        }

        private void spoil(ByteBuf answer, WireWriter out, int mark, FuzzInput choices) {
            int kind = choices.next();
            int length = answer.writerIndex() - mark;
            if (kind >= 192) {
                int at = mark + choices.choice(length);
                if (at + LENGTH_BYTES <= answer.writerIndex()) {
                    answer.setInt(at, choices.extreme());
                }
            } else if (kind >= 128) {
                answer.writerIndex(mark + LENGTH_BYTES + choices.choice(length - LENGTH_BYTES + 1));
                out.endFrame(mark);
            } else if (kind >= 112) {
                answer.writerIndex(mark + choices.choice(length));
            }
        }

        private void reply(WireWriter out, int xid, int error, @Nullable Response response) {
            int mark = out.beginFrame();
            new ReplyHeader(xid, ++zxid, error).encode(out);
            if (response != null) {
                response.encode(out);
            }
            out.endFrame(mark);
        }

        private @Nullable Response honestResponse(@Nullable OpCode op) {
            if (op == null) {
                return null;
            }
            return switch (op) {
                case GET_DATA -> new GetDataResponse(new byte[] {1, 2, 3}, STAT);
                case GET_CHILDREN -> new GetChildrenResponse(List.of("a", "b"));
                case GET_CHILDREN2 -> new GetChildren2Response(List.of("a", "b"), STAT);
                case EXISTS, SET_DATA -> new StatResponse(STAT);
                case CREATE -> new CreateResponse("/ns/a");
                case ADD_WATCH -> new AddWatchResponse(0);
                case MULTI ->
                    new MultiResponse(List.of(
                            new MultiResponse.Done(OpCode.CREATE, new CreateResponse("/ns/a")),
                            new MultiResponse.Done(OpCode.SET_DATA, new StatResponse(STAT))));
                default -> null;
            };
        }
    }
}
