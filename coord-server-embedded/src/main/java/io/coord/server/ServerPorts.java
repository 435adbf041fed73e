package io.coord.server;

import io.coord.server.internal.runtime.StateThread;
import io.coord.server.internal.tls.TlsGate;
import io.coord.server.internal.transport.ServerTransport;
import io.netty.channel.ChannelFuture;
import io.netty.channel.local.LocalAddress;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where clients connect to: the address within this process, the port, the port for TLS alone. Opened one after the other, so that
 * nobody is let in before all are there. Owner thread, but for the numbers, which may be read by anyone.
 */
final class ServerPorts {
    final LocalAddress localAddress =
            new LocalAddress("coord-" + Long.toUnsignedString(System.identityHashCode(this)) + '-' + System.nanoTime());

    private final EmbeddedServerConfig config;
    private final StateThread thread;
    private final ServerTransport transport;
    private final @Nullable TlsGate tls;
    private final Listener listener;
    private volatile int plainPort = -1;
    private volatile int securePort = -1;
    private boolean closed;

    /** Told once, unless the ports were closed first. */
    interface Listener {
        void onOpen();

        void onFailed(EmbeddedServerException failure);
    }

    ServerPorts(
            EmbeddedServerConfig config,
            StateThread thread,
            ServerTransport transport,
            @Nullable TlsGate tls,
            Listener listener) {
        this.config = config;
        this.thread = thread;
        this.transport = transport;
        this.tls = tls;
        this.listener = listener;
    }

    /** -1 as long as it is not open. */
    int plainPort() {
        return plainPort;
    }

    /** Of the one for TLS alone; -1 as long as it is not open. */
    int securePort() {
        return securePort;
    }

    void open() {
        if (closed) {
            return;
        }
        onBound(transport.bind(localAddress), bound -> {
            if (!bound.isSuccess()) {
                listener.onFailed(
                        new EmbeddedServerException("In-process address " + localAddress + " is taken", bound.cause()));
            } else {
                bindPlainPort();
            }
        });
    }

    /** What is not open yet will not be; the transport closes what is. */
    void close() {
        closed = true;
    }

    private void bindPlainPort() {
        Integer port = config.port();
        if (port == null) {
            bindSecurePort();
            return;
        }
        bind(
                config.host(),
                port,
                address -> tls != null && isUnified() ? transport.bind(address, tls, true) : transport.bind(address),
                bound -> {
                    plainPort = bound;
                    bindSecurePort();
                });
    }

    private void bindSecurePort() {
        if (closed) {
            return;
        }
        if (tls == null || requireTls().port() == null) {
            listener.onOpen();
            return;
        }
        bind(secureHost(), requireTls().port(), address -> transport.bind(address, tls, false), bound -> {
            securePort = bound;
            if (!closed) {
                listener.onOpen();
            }
        });
    }

    private ServerTls requireTls() {
        return Objects.requireNonNull(config.tls(), "tls");
    }

    private String secureHost() {
        String own = requireTls().host();
        return own == null ? config.host() : own;
    }

    private void bind(
            String host, int port, Function<InetSocketAddress, ChannelFuture> listen, IntConsumer onListening) {
        if (closed) {
            return;
        }
        ChannelFuture binding = listen.apply(new InetSocketAddress(host, port));
        onBound(binding, bound -> {
            if (bound.isSuccess()) {
                onListening.accept(((InetSocketAddress) binding.channel().localAddress()).getPort());
            } else {
                listener.onFailed(new EmbeddedServerException(
                        "Cannot listen on " + host + ':' + port + ": " + reason(bound.cause()), bound.cause()));
            }
        });
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** A listener's failure would only be logged, and whoever waits for the start would wait for ever. */
    private void onBound(ChannelFuture binding, Consumer<Future<?>> onDone) {
        binding.addListener(bound -> thread.offer(() -> onDone.accept(bound)));
    }

    private boolean isUnified() {
        ServerTls settings = config.tls();
        return settings != null && settings.portUnification();
    }

    /** For the log: where clients are served. */
    @Override
    public String toString() {
        List<String> places = new ArrayList<>();
        if (plainPort >= 0) {
            places.add(config.host() + ':' + plainPort + (isUnified() ? ", also with TLS" : ""));
        }
        if (securePort >= 0) {
            places.add(secureHost() + ':' + securePort + " with TLS");
        }
        return places.isEmpty() ? "clients of this process" : String.join(" and ", places);
    }
}
