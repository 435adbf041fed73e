package io.coord.verification.bench;

import io.coord.verification.server.ServerProcess;
import io.coord.verification.wire.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** Many sessions on one server, on the calling thread. */
final class SessionCrowd implements AutoCloseable {
    /** Well below 50, the connections that ZooKeeper lets wait to be accepted: a further one is put off for a second. */
    private static final int AT_ONCE = 20;

    private static final int CLOSE_XID = Integer.MAX_VALUE;

    private final ServerProcess server;
    private final Selector selector = Selector.open();
    private final List<SessionSocket> sockets = new ArrayList<>();

    private SessionCrowd(ServerProcess server) throws IOException {
        this.server = server;
    }

    static SessionCrowd open(ServerProcess server, int count, int sessionMs) throws IOException {
        SessionCrowd crowd = new SessionCrowd(server);
        try {
            ByteBuffer handshake = LoadConnection.handshake(sessionMs);
            while (crowd.sockets.size() < count) {
                crowd.openSome(server.port(), Math.min(AT_ONCE, count - crowd.sockets.size()), handshake);
            }
            return crowd;
        } catch (IOException | RuntimeException e) {
            crowd.drop();
            throw e;
        }
    }

    private void openSome(int port, int count, ByteBuffer handshake) throws IOException {
        for (int i = 0; i < count; i++) {
            SessionSocket socket = SessionSocket.connect(port, selector);
            sockets.add(socket);
            if (socket.isConnected()) {
                socket.send(handshake);
            }
        }
        int open = 0;
        while (open < count) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                SessionSocket socket = (SessionSocket) key.attachment();
                if (key.isConnectable()) {
                    socket.finishConnect(key);
                    socket.send(handshake);
                } else if (!socket.read()) {
                    throw new IOException(server.implementation() + " closed session " + sockets.indexOf(socket)
                            + " during the handshake");
                } else if (socket.poll() != null) {
                    open++;
                }
            }
            selector.selectedKeys().clear();
        }
    }

    List<SessionSocket> sockets() {
        return sockets;
    }

    /**
     * Hands over the frames that have come.
     *
     * @param wait whether to wait until there is something
     */
    void receive(boolean wait, FrameListener listener) throws IOException {
        if ((wait ? selector.select() : selector.selectNow()) == 0) {
            return;
        }
        for (SelectionKey key : selector.selectedKeys()) {
            SessionSocket socket = (SessionSocket) key.attachment();
            if (!socket.read()) {
                throw new IOException(server.implementation() + " closed a connection");
            }
            for (ByteBuffer frame = socket.poll(); frame != null; frame = socket.poll()) {
                listener.onFrame(socket, frame);
            }
        }
        selector.selectedKeys().clear();
    }

    /** A frame, ready to be sent. */
    static ByteBuffer frame(int xid, Operation operation) {
        RequestTemplate template = RequestTemplate.constant(operation);
        ByteBuffer frame = ByteBuffer.allocate(template.bytes());
        template.write(frame, xid, 0);
        return frame.flip();
    }

    /** Ends all sessions and waits until the server has closed all connections. */
    @Override
    public void close() throws IOException {
        ByteBuffer closeSession = frame(CLOSE_XID, Operation.closeSession());
        try {
            for (SessionSocket each : sockets) {
                each.send(closeSession);
            }
            int open = sockets.size();
            while (open > 0) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    SessionSocket socket = (SessionSocket) key.attachment();
                    if (!socket.read()) {
                        socket.close();
                        open--;
                    } else {
                        while (socket.poll() != null) {
                            // What was still under way.
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
        } finally {
            drop();
        }
    }

    private void drop() throws IOException {
        for (SessionSocket each : sockets) {
            each.close();
        }
        selector.close();
    }

    interface FrameListener {
        void onFrame(SessionSocket socket, ByteBuffer frame) throws IOException;
    }
}
