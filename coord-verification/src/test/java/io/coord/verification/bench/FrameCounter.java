package io.coord.verification.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between clients and a server and counts the requests that pass, pings and handshakes apart. */
final class FrameCounter implements AutoCloseable {
    private static final int PING_XID = -2;

    private final int target;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong requests = new AtomicLong();

    FrameCounter(int target) throws IOException {
        this.target = target;
        begin("accept", this::accept);
    }

    String connectString() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    long requests() {
        return requests.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(behind);
            begin("requests", () -> count(client, behind));
            begin("replies", () -> {
                behind.getInputStream().transferTo(client.getOutputStream());
                client.close();
            });
        }
    }

    private void count(Socket client, Socket behind) throws IOException {
        try (behind) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(behind.getOutputStream()));
            boolean handshake = true;
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                if (!handshake && xid(frame) != PING_XID) {
                    requests.incrementAndGet();
                }
                handshake = false;
                out.writeInt(frame.length);
                out.write(frame);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        }
    }

    private static int xid(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt();
    }

    private static void begin(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (SocketException | EOFException e) {
                        // One side has closed; so does the other.
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "frame-counter-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : sockets) {
            each.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }
}
