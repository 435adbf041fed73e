package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

/**
 * Arms a client's watches on a new connection and tells what it missed. setWatches has the first three lists only,
 * setWatches2 all five.
 *
 * @param relativeZxid the last zxid that the client has seen
 */
public record SetWatchesRequest(
        OpCode op,
        long relativeZxid,
        List<String> dataWatches,
        List<String> existWatches,
        List<String> childWatches,
        List<String> persistentWatches,
        List<String> persistentRecursiveWatches)
        implements Request {
    static SetWatchesRequest decode(OpCode op, WireReader in) {
        boolean withPersistent = op == OpCode.SET_WATCHES2;
        return new SetWatchesRequest(
                op,
                in.readLong(),
                in.readStrings(),
                in.readStrings(),
                in.readStrings(),
                withPersistent ? in.readStrings() : List.of(),
                withPersistent ? in.readStrings() : List.of());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeLong(relativeZxid);
        out.writeStrings(dataWatches);
        out.writeStrings(existWatches);
        out.writeStrings(childWatches);
        if (op == OpCode.SET_WATCHES2) {
            out.writeStrings(persistentWatches);
            out.writeStrings(persistentRecursiveWatches);
        }
    }
}
