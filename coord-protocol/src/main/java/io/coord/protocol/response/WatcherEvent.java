package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * A watch that fired; its header has xid {@link io.coord.protocol.Xid#NOTIFICATION}.
 *
 * @param type raw {@link io.coord.protocol.data.EventType}
 * @param state always {@link #SYNC_CONNECTED} from a server
 * @param path of the znode that changed, for a recursive watch as well
 */
public record WatcherEvent(int type, int state, String path) {
    public static final int SYNC_CONNECTED = 3;

    public static WatcherEvent decode(WireReader in) {
        return new WatcherEvent(in.readInt(), in.readInt(), in.readString());
    }

    public void encode(WireWriter out) {
        out.writeInt(type);
        out.writeInt(state);
        out.writeString(path);
    }
}
