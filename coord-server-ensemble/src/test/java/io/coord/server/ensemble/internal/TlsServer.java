package io.coord.server.ensemble.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes one connection after another, and speaks TLS on each until the other side has had enough. */
final class TlsServer implements Closeable {
    private final ServerSocket listening;
    private final MemberTls tls;

    TlsServer(MemberTls tls) throws IOException {
        this.tls = tls;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try (Socket accepted = listening.accept();
                    Socket secure = tls.socketFrom(accepted)) {
                secure.getInputStream().readAllBytes();
            } catch (IOException e) {
                // Whoever connects has had enough, or the test is over.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
