package io.coord.server.internal.tls;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadPoolExecutor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in that speak TLS. Behind it a connection's handler sees plain bytes, and before the first of them, when the
 * client has shown a certificate, a {@link PeerCertificate} as an event of the channel.
 */
public final class TlsGate {
    private static final Logger LOG = LoggerFactory.getLogger(TlsGate.class);
    /** A client that takes nothing is not waited for when its connection is to end. */
    private static final long LAST_WORDS_MS = 1_000;

    private final TlsRules rules;
    private final CurrentTls source;
    private final StateMailbox mailbox;
    private final Clock clock;
    private final ServerMetrics metrics;
    private final ThreadPoolExecutor threads =
            new TlsThreads(Runtime.getRuntime().availableProcessors());
    private final LineLimit complaints;
    private final Set<Handshake> underWay = new HashSet<>();
    private @Nullable SSLContext context;
    private long checkedMs;
    private boolean isChecking;

    /** @param mailbox of the owner thread */
    public TlsGate(TlsRules rules, StateMailbox mailbox, Clock clock, ServerMetrics metrics) {
        this.rules = rules;
        this.source = new CurrentTls(rules.config(), rules.checksClientHost());
        this.mailbox = mailbox;
        this.clock = clock;
        this.metrics = metrics;
        this.complaints = new LineLimit(LOG, "connections that came to nothing because of TLS", clock);
    }

    /**
     * Reads keys and certificates, on a thread that may wait, before anything else.
     *
     * @throws InvalidTlsMaterialException when they cannot be used
     */
    public void load() {
        context = source.load();
        checkedMs = clock.monotonicMs();
    }

    /** Puts itself before what is in the channel's pipeline. Owner thread, as all that follows. */
    public void guard(Channel channel, boolean takesPlain) {
        channel.pipeline().addFirst(new FirstByte(this, takesPlain));
    }

    /** To be called at each tick: ends handshakes that take too long, and has it looked whether certificates have changed. */
    public void onTick() {
        complaints.onTick();
        long now = clock.monotonicMs();
        for (Handshake each : List.copyOf(underWay)) {
            each.onTick(now, rules.handshakeTimeoutMs());
        }
        if (rules.reloadIntervalMs() > 0 && !isChecking && now - checkedMs >= rules.reloadIntervalMs()) {
            isChecking = true;
            checkedMs = now;
            threads.execute(this::check);
        }
    }

    /** Not on the owner thread. */
    private void check() {
        try {
            source.reload(changed -> mailbox.offer(() -> context = changed));
        } catch (RuntimeException e) {
            LOG.error("Whether keys and certificates have changed could not be found out", e);
        } finally {
            mailbox.offer(() -> isChecking = false);
        }
    }

    /** No new step of any handshake is begun. */
    public void close() {
        threads.shutdown();
    }

    /** How many handshakes are under way. */
    public int handshakes() {
        return underWay.size();
    }

    /** Null, and a line in the log, when there are too many. */
    @Nullable
    SslHandler newHandler(Channel channel) {
        SSLContext now = context;
        if (now == null) {
            throw new IllegalStateException("keys and certificates were not loaded");
        }
        if (underWay.size() >= rules.maxHandshakes()) {
            metrics.tlsHandshakesExceeded.increment();
            complain("{} is closed: {} TLS handshakes are under way, which is the limit", channel, underWay.size());
            return null;
        }
        SSLEngine engine = newEngine(now, channel.remoteAddress());
        engine.setUseClientMode(false);
        rules.config().restrict(engine);
        if (rules.needsCertificate()) {
            engine.setNeedClientAuth(true);
        } else {
            engine.setWantClientAuth(rules.asksForCertificate());
        }
        SslHandler handler = new SslHandler(engine, threads);
        // Our own ticks end a handshake that takes too long.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(LAST_WORDS_MS);
        return handler;
    }

    private static SSLEngine newEngine(SSLContext context, SocketAddress remote) {
        return remote instanceof InetSocketAddress peer
                ? context.createSSLEngine(peer.getAddress().getHostAddress(), peer.getPort())
                : context.createSSLEngine();
    }

    Handshake begin() {
        Handshake begun = new Handshake(this, clock.monotonicMs());
        underWay.add(begun);
        return begun;
    }

    /** Before it has become one, or while it was: a connection to a port for TLS came to nothing. */
    void onUnsuccessful() {
        metrics.unsuccessfulHandshakes.increment();
    }

    /** A port that takes both has got a connection without TLS. */
    void onPlain(@Nullable SocketAddress from) {
        if (from instanceof InetSocketAddress socket) {
            metrics.onWithoutTls(socket.getAddress());
        }
    }

    void onOver(Handshake handshake) {
        underWay.remove(handshake);
    }

    /** Whoever causes this can cause as much of it as he likes. */
    void complain(String format, @Nullable Object... arguments) {
        if (complaints.permits()) {
            LOG.info(format, arguments);
        } else {
            LOG.debug(format, arguments);
        }
    }
}
