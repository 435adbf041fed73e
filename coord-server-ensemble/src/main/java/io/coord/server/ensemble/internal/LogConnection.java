package io.coord.server.ensemble.internal;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * A connection between the logs of two members: one asks, the other answers, one request at a time. Frames are a length, a {@link Kind} and
 * a message of Ratis's. Blocking: one thread reads; one thread at a time writes.
 */
final class LogConnection implements Closeable {
    /** What a frame holds. */
    enum Kind {
        VOTE(1),
        APPEND(2),
        INSTALL_SNAPSHOT(3),
        START_ELECTION(4),
        /** The answer to any of these, of the kind that belongs to it. */
        ANSWER(5),
        /** There is no answer; the frame holds the reason. */
        FAILURE(6);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind of(int code) throws IOException {
            for (Kind each : values()) {
                if (each.code == code) {
                    return each;
                }
            }
            throw new IOException("a frame of the unknown kind " + code);
        }
    }

    /** @param body as long as the frame */
    record Frame(Kind kind, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private static final long MAGIC = 0x434f4f52444c4f47L;
    private static final int HELLO_BYTES = 3 * Long.BYTES + Integer.BYTES;
    private static final int HEAD_BYTES = Integer.BYTES + 1;
    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final int mostBytes;

    /** @param mostBytes of a frame that is read; a longer one ends the connection */
    LogConnection(Socket socket, int mostBytes) throws IOException {
        this.socket = socket;
        this.mostBytes = mostBytes;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        this.out = socket.getOutputStream();
    }

    /** Says who asks. */
    void sendHello(UUID ensemble, int from) throws IOException {
        out.write(ByteBuffer.allocate(HELLO_BYTES)
                .putLong(MAGIC)
                .putLong(ensemble.getMostSignificantBits())
                .putLong(ensemble.getLeastSignificantBits())
                .putInt(from)
                .array());
    }

    /**
     * Waits until the other one has said who it is.
     *
     * @throws IOException when it is no member of the ensemble
     */
    void receiveHello(UUID ensemble) throws IOException {
        byte[] hello = new byte[HELLO_BYTES];
        in.readFully(hello);
        ByteBuffer fields = ByteBuffer.wrap(hello);
        if (fields.getLong() != MAGIC) {
            throw new IOException("whoever connects is no member of an ensemble");
        }
        UUID theirs = new UUID(fields.getLong(), fields.getLong());
        int from = fields.getInt();
        if (!theirs.equals(ensemble)) {
            throw new IOException("member " + from + " is one of another ensemble, " + theirs);
        }
        // It may have nothing to ask for long.
        socket.setSoTimeout(0);
    }

    void send(Kind kind, MessageLite message) throws IOException {
        int length = message.getSerializedSize();
        byte[] frame = new byte[HEAD_BYTES + length];
        putHead(frame, kind, length);
        CodedOutputStream body = CodedOutputStream.newInstance(frame, HEAD_BYTES, length);
        message.writeTo(body);
        body.checkNoSpaceLeft();
        out.write(frame);
    }

    void sendFailure(String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[HEAD_BYTES + text.length];
        putHead(frame, Kind.FAILURE, text.length);
        System.arraycopy(text, 0, frame, HEAD_BYTES, text.length);
        out.write(frame);
    }

    private static void putHead(byte[] frame, Kind kind, int length) {
        ByteBuffer.wrap(frame).putInt(1 + length).put((byte) kind.code);
    }

    /**
     * Waits for the next frame.
     *
     * @throws EOFException when the other one has closed the connection
     */
    Frame receive() throws IOException {
        int length = in.readInt();
        if (length < 1 || length > mostBytes) {
            throw new IOException("a frame of " + length + " bytes, where at most " + mostBytes + " are");
        }
        Kind kind = Kind.of(in.readUnsignedByte());
        byte[] body = new byte[length - 1];
        in.readFully(body);
        return new Frame(kind, body);
    }

    Object remote() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
