package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.pipeline.RequestRules;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.pipeline.SessionRules;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.StateThread;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.tls.TlsGate;
import io.coord.server.internal.tls.TlsRules;
import io.coord.server.internal.transport.ServerTransport;
import io.coord.server.internal.transport.TransportLimits;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A server in memory with limits of its own. */
final class SmallServer implements AutoCloseable {
    private static final int TICK_MS = 50;

    final StateThread thread;
    final HoldingReplicator replicator;
    final int port;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final RequestSequencer sequencer;
    private final ServerTransport transport;
    private volatile boolean closing;

    SmallServer(TransportLimits limits) {
        this(limits, Limits.ofHeap(1L << 30), 60_000);
    }

    /** @param maxTimeoutMs of sessions; clients of these tests ask for more than most of them get */
    SmallServer(TransportLimits limits, Limits outstanding, int maxTimeoutMs) {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        thread = new StateThread(failure::set);
        replicator = new HoldingReplicator(thread);
        sequencer = new RequestSequencer(
                Clock.SYSTEM,
                new SessionRules(TICK_MS, TICK_MS, maxTimeoutMs),
                RequestRules.DEFAULT,
                outstanding,
                new CoordStateMachine(1),
                replicator,
                () -> new byte[16],
                new RequestSequencer.Listener() {
                    @Override
                    public void onReady() {
                        ready.complete(null);
                    }

                    @Override
                    public void onFailed(Throwable cause) {
                        failure.set(cause);
                    }
                });
        transport = new ServerTransport(thread.group(), sequencer, Clock.SYSTEM, limits);
        thread.offer(() -> replicator.start(sequencer.replicatedState()));
        ready.join();
        Channel channel = transport
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) channel.localAddress()).getPort();
        thread.schedule(this::tick, TICK_MS);
    }

    /** Opens a port for TLS, too. */
    int bindTls(TlsRules rules) {
        TlsGate gate = new TlsGate(rules, thread, Clock.SYSTEM, new ServerMetrics());
        gate.load();
        Channel channel = transport
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), gate, false)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private void tick() {
        if (!closing) {
            transport.onTick();
            sequencer.onTick();
            thread.schedule(this::tick, TICK_MS);
        }
    }

    private <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        thread.offer(() -> answer.complete(question.get()));
        return answer.join();
    }

    int connections() {
        return ask(() -> sequencer.load().connections());
    }

    /** Of requests that wait. */
    long heldBytes() {
        return ask(() -> sequencer.load().heldBytes());
    }

    long bufferedBytes() {
        return ask(transport::bufferedBytes);
    }

    long cutOffConnections() {
        return ask(transport::cutOffConnections);
    }

    @Override
    public void close() {
        closing = true;
        thread.offer(transport::close);
        thread.stop().syncUninterruptibly();
        assertThat(failure).hasNullValue();
    }
}
