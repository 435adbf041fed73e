package io.coord.server.ensemble.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port that leads to another one, and can be cut. */
final class Relay implements Closeable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    Relay(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket in = server.accept();
                sockets.add(in);
                Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(out);
                start(() -> copy(in, out));
                start(() -> copy(out, in));
            } catch (IOException e) {
                // Nobody listens at the target, or this relay is closed.
                drop();
            }
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // Cut, here or at one of its ends.
            sockets.remove(from);
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    /** Ends the connections that there are; new ones are let through. */
    void drop() {
        for (Socket each : sockets) {
            try {
                each.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Lets nobody through any more. */
    @Override
    public void close() throws IOException {
        server.close();
        drop();
    }
}
