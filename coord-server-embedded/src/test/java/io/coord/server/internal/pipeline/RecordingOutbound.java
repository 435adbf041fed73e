package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes what a client would get: {@code xid error zxid}, {@code event path zxid}. */
final class RecordingOutbound implements Outbound {
    final List<String> sent = new ArrayList<>();
    final List<Response> responses = new ArrayList<>();

    @Nullable
    ConnectResponse connected;

    boolean closed;
    boolean reading = true;
    boolean full;
    boolean blocked;
    long takenBytes;
    int maxResponseBytes = 0xfffff;
    /** The client would not take one of these. */
    @Nullable
    Class<? extends Response> tooLong;

    @Override
    public void connected(ConnectResponse response) {
        connected = response;
    }

    @Override
    public long reply(int xid, long zxid, ErrorCode error, @Nullable Response response) {
        if (tooLong != null && tooLong.isInstance(response)) {
            return maxResponseBytes + 1L;
        }
        if (!closed) {
            sent.add(xid + " " + error + " " + zxid);
            if (response != null) {
                responses.add(response);
            }
        }
        return 0;
    }

    @Override
    public int maxResponseBytes() {
        return maxResponseBytes;
    }

    @Override
    public void event(EventType type, String path, long zxid) {
        if (!closed) {
            sent.add(type + " " + path + " " + zxid);
        }
    }

    @Override
    public void closeAfterReplies() {
        if (!closed) {
            sent.add("closed");
        }
        closed = true;
    }

    @Override
    public void close() {
        if (!closed) {
            sent.add("cut");
        }
        closed = true;
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public long takenBytes() {
        return takenBytes;
    }

    @Override
    public void setReading(boolean value) {
        reading = value;
    }

    List<String> take() {
        List<String> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }
}
