package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.fixture.RealZooKeeper;
import io.coord.client.spi.Connector;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client over Netty's local transport: the same bytes, handed on to a real ZooKeeper. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalTransportTest {
    @TempDir
    Path directory;

    @Test
    void speaksTheSameProtocolOverTheLocalTransport() throws Exception {
        MultiThreadIoEventLoopGroup locals = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        MultiThreadIoEventLoopGroup sockets = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory)) {
            LocalAddress address = new LocalAddress("coord-client-test");
            new ServerBootstrap()
                    .group(locals)
                    .channel(LocalServerChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel local) {
                            local.config().setAutoRead(false);
                            local.pipeline().addLast(new ToZooKeeper(sockets, zooKeeper.port()));
                        }
                    })
                    .bind(address)
                    .sync();
            try (CoordClient client = CoordClient.builder()
                    .connectString("in-process")
                    .connector(Connector.local(address))
                    .build()
                    .start()) {
                client.create().forPath("/a", new byte[200_000]);
                CompletableFuture<?>[] reads = IntStream.range(0, 50)
                        .mapToObj(i -> client.getData().forPathAsync("/a").toCompletableFuture())
                        .toArray(CompletableFuture[]::new);
                CompletableFuture.allOf(reads).join();
                assertThat((byte[]) reads[49].join()).hasSize(200_000);
            }
        } finally {
            locals.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
            sockets.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Hands the bytes of one local channel to the server, and back. */
    private static final class ToZooKeeper extends ChannelInboundHandlerAdapter {
        private final MultiThreadIoEventLoopGroup sockets;
        private final int port;
        private Channel server;

        ToZooKeeper(MultiThreadIoEventLoopGroup sockets, int port) {
            this.sockets = sockets;
            this.port = port;
        }

        @Override
        public void channelActive(ChannelHandlerContext local) {
            server = new Bootstrap()
                    .group(sockets)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            local.writeAndFlush(message);
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            local.close();
                        }
                    })
                    .connect("127.0.0.1", port)
                    .addListener(done -> local.channel().config().setAutoRead(true))
                    .channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            server.writeAndFlush(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            server.close();
        }
    }
}
