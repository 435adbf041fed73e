package io.coord.server;

import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.RequestHeader;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** A client that can say anything, right or wrong, over a real socket. */
final class RawClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 20_000;

    /** A reply or an event. */
    record Frame(ReplyHeader header, ByteBuf body) {}

    private final Socket socket;
    private final DataInputStream in;

    private RawClient(Socket opened) throws IOException {
        socket = opened;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    static RawClient open(int port) {
        try {
            return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a new session over TLS. */
    static RawClient session(int port, SSLContext context) {
        try {
            RawClient client =
                    new RawClient(context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
            client.connect(0, new byte[16]);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a connection with a new session. */
    static RawClient session(int port) {
        RawClient client = open(port);
        client.connect(0, new byte[16]);
        return client;
    }

    ConnectResponse connect(long sessionId, byte[] password) {
        sendFrame(out -> new ConnectRequest(0, 0, 10_000, sessionId, password, false).encode(out));
        return ConnectResponse.decode(new WireReader(receiveBytes()));
    }

    RawClient send(int xid, Request request) {
        return sendFrame(out -> {
            new RequestHeader(xid, request.op().code()).encode(out);
            request.encode(out);
        });
    }

    RawClient sendFrame(Consumer<WireWriter> content) {
        ByteBuf buffer = Unpooled.buffer();
        WireWriter out = new WireWriter(buffer);
        int mark = out.beginFrame();
        content.accept(out);
        out.endFrame(mark);
        return sendBytes(buffer);
    }

    RawClient sendBytes(ByteBuf bytes) {
        try {
            bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ByteBuf receiveBytes() {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return Unpooled.wrappedBuffer(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Frame receive() {
        ByteBuf frame = receiveBytes();
        return new Frame(ReplyHeader.decode(new WireReader(frame)), frame);
    }

    /** Sends a request and waits for its reply. */
    Frame call(int xid, Request request) {
        send(xid, request);
        return receive();
    }

    /** Waits until the server has closed the connection; false when it says something instead. */
    boolean isClosedByServer() {
        try {
            in.readInt();
            return false;
        } catch (EOFException | SocketException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
}
