package io.coord.verification.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;

/** A socket to a server, with ZooKeeper's framing and nothing else: no session, no order, no checks. */
public final class RawConnection implements AutoCloseable {
    private static final int DEADLINE_MS = 15_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    public static RawConnection open(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(DEADLINE_MS);
            return new RawConnection(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] encode(Record record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            record.serialize(BinaryOutputArchive.getArchive(bytes), "record");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Header and record of a request, without its length. */
    public static byte[] request(int xid, int op, byte[] body) {
        return ByteBuffer.allocate(8 + body.length)
                .putInt(xid)
                .putInt(op)
                .put(body)
                .array();
    }

    /** Sends bytes just as they are. */
    public void sendBytes(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void sendFrame(byte[] frame) {
        sendBytes(ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
    }

    /** Sends a handshake and reads the answer; today's dialect, with the read-only byte. */
    public ConnectResponse connect(ConnectRequest request) {
        sendFrame(encode(request));
        ConnectResponse response = new ConnectResponse();
        try {
            response.deserialize(BinaryInputArchive.getArchive(new ByteArrayInputStream(receiveFrame())), "response");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return response;
    }

    /** The next frame; fails when none comes within the deadline or the connection ends. */
    public byte[] receiveFrame() {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return frame;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Frame receive() {
        ByteBuffer frame = ByteBuffer.wrap(receiveFrame());
        int xid = frame.getInt();
        long zxid = frame.getLong();
        int error = frame.getInt();
        byte[] body = new byte[frame.remaining()];
        frame.get(body);
        return new Frame(xid, zxid, error, body);
    }

    /** Whether a frame has begun to arrive within the given time. */
    public boolean hasFrameWithin(int millis) {
        try {
            socket.setSoTimeout(millis);
            in.mark(1);
            int first = in.read();
            in.reset();
            return first >= 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            restoreDeadline();
        }
    }

    /** Waits for the server to close the connection; false when it sends something instead or the deadline passes. */
    public boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (EOFException | SocketException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server still sends before it closes the connection; fails when it does not close it within the deadline. */
    public List<Frame> receiveUntilClosed() {
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(receive());
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof EOFException || e.getCause() instanceof SocketException) {
                return frames;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restoreDeadline() {
        try {
            if (!socket.isClosed()) {
                socket.setSoTimeout(DEADLINE_MS);
            }
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
