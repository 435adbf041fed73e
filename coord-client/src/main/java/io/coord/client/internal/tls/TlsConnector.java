package io.coord.client.internal.tls;

import io.coord.client.spi.Connector;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.tls.TlsConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Speaks TLS over the channels of another connector; a channel counts as connected when the handshake is over. Thread-safe. */
public final class TlsConnector implements Connector {
    /** The rules of RFC 2818 for the names in a certificate. */
    private static final String HOST_RULES = "HTTPS";
    /** A server that takes nothing is not waited for when a connection is to end. */
    private static final long LAST_WORDS_MS = 1_000;

    private final Connector carrier;
    private final TlsConfig config;
    private final boolean verifiesHost;
    private final CurrentTls current;

    /** @param verifiesHost whether the server's certificate must be for the host of the connect string */
    public TlsConnector(Connector carrier, TlsConfig config, boolean verifiesHost) {
        this.carrier = carrier;
        this.config = config;
        this.verifiesHost = verifiesHost;
        this.current = new CurrentTls(config);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return carrier.ioHandlerFactory();
    }

    @Override
    public String describe(ServerAddress server) {
        return carrier.describe(server) + " with TLS";
    }

    @Override
    public Future<Channel> connect(EventLoop loop, ServerAddress server, Duration timeout, ChannelHandler handler) {
        long endNs = System.nanoTime() + timeout.toNanos();
        Promise<Channel> connected = loop.newPromise();
        current.get()
                .whenComplete((context, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        connected.tryFailure(
                                failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause()
                                        : failure);
                    } else {
                        carry(loop, server, endNs, context, handler, connected);
                    }
                }));
        return connected;
    }

    private void carry(
            EventLoop loop,
            ServerAddress server,
            long endNs,
            SSLContext context,
            ChannelHandler handler,
            Promise<Channel> connected) {
        Placeholder place = new Placeholder();
        Future<Channel> carried;
        try {
            carried = carrier.connect(loop, server, Duration.ofNanos(Math.max(1, endNs - System.nanoTime())), place);
        } catch (RuntimeException e) {
            connected.tryFailure(e);
            return;
        }
        carried.addListener((Future<Channel> done) -> {
            if (!done.isSuccess()) {
                connected.tryFailure(done.cause());
                return;
            }
            try {
                secure(done.getNow(), place, server, endNs, context, handler, connected);
            } catch (RuntimeException e) {
                done.getNow().close();
                connected.tryFailure(e);
            }
        });
    }

    private void secure(
            Channel channel,
            Placeholder place,
            ServerAddress server,
            long endNs,
            SSLContext context,
            ChannelHandler handler,
            Promise<Channel> connected) {
        SslHandler tls = new SslHandler(newEngine(context, server), TlsThreads.SHARED);
        long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
        tls.setHandshakeTimeoutMillis(Math.max(1, leftMs));
        tls.setCloseNotifyFlushTimeoutMillis(LAST_WORDS_MS);
        ServerRefusals refusals = new ServerRefusals();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(tls, refusals);
        pipeline.remove(place);
        tls.handshakeFuture().addListener((Future<Channel> shaken) -> {
            if (!shaken.isSuccess()) {
                connected.tryFailure(ServerRefusals.describe(shaken.cause()));
                channel.close();
                return;
            }
            refusals.onShaken();
            // Only now: it would hear of failed handshakes otherwise.
            pipeline.addLast(handler);
            if (!connected.trySuccess(channel)) {
                channel.close();
            }
        });
        if (!channel.isActive()) {
            connected.tryFailure(ServerRefusals.describe(new ClosedChannelException()));
        }
    }

    private SSLEngine newEngine(SSLContext context, ServerAddress server) {
        SSLEngine engine = context.createSSLEngine(server.host(), server.port());
        engine.setUseClientMode(true);
        config.restrict(engine);
        if (verifiesHost) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(HOST_RULES);
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    private static final class Placeholder extends ChannelInboundHandlerAdapter {}
}
