package io.coord.verification.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.proto.WatcherEvent;

/** What a server sent behind the handshake: a reply or a watch event. */
public record Frame(int xid, long zxid, int error, byte[] body) {
    private static final int EVENT_XID = -1;

    public boolean isEvent() {
        return xid == EVENT_XID;
    }

    /** Reads the body into a record, to its last byte. */
    public <T extends Record> T into(T record) {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        try {
            record.deserialize(BinaryInputArchive.getArchive(in), "body");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (in.available() != 0) {
            throw new AssertionError(in.available() + " bytes behind " + record);
        }
        return record;
    }

    /** A watch event for reading: {@code NodeCreated /a}. */
    public String event() {
        WatcherEvent event = into(new WatcherEvent());
        return EventType.fromInt(event.getType()) + " " + event.getPath();
    }

    @Override
    public String toString() {
        return isEvent()
                ? event() + " zxid " + zxid
                : "reply to " + xid + ", zxid " + zxid + ", error " + error + ", " + body.length + " bytes";
    }
}
