package io.coord.verification.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A socket of the JDK's, with TLS or without, that asks for a session; none of Coord's own code is in it. */
final class PlainTalk implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    final Socket socket;

    private PlainTalk(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
    }

    static PlainTalk open(int port) throws IOException {
        return new PlainTalk(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static PlainTalk secure(int port, SSLContext context) throws IOException {
        return new PlainTalk(context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
    }

    void say(int... bytes) throws IOException {
        byte[] said = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            said[i] = (byte) bytes[i];
        }
        socket.getOutputStream().write(said);
        socket.getOutputStream().flush();
    }

    /** Whether the server grants a session; false when it closes the connection instead, or refuses it in its handshake. */
    boolean getsSession() throws IOException {
        byte[] request = new byte[4 + 44];
        request[3] = 44;
        // No zxid seen; a time-out of 10 s; no session yet; a password of 16 bytes.
        request[4 + 12 + 2] = 10_000 >> 8;
        request[4 + 12 + 3] = (byte) 10_000;
        request[4 + 24 + 3] = 16;
        try {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            byte[] head = socket.getInputStream().readNBytes(4);
            return head.length == 4 && socket.getInputStream().readNBytes(head[3]).length == head[3];
        } catch (SSLException | SocketException e) {
            return false;
        }
    }

    /** Whether the server answers; false when it closes the connection instead. */
    boolean isAnswered() throws IOException {
        return socket.getInputStream().read() >= 0;
    }

    /** Waits until the server has closed the connection; it may send an alert before. */
    void awaitEnd() throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // An alert.
            }
        } catch (SSLException | SocketException e) {
            // Closed, in another way.
        }
    }

    /** The server's, with TLS. */
    X509Certificate peer() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
