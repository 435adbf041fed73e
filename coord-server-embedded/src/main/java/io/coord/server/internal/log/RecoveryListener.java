package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;

/** Is told what a data directory holds, in order, on the thread that recovers it. May throw to break off. */
public interface RecoveryListener {
    /** A snapshot, seen to be whole, follows; at most one. */
    void onSnapshotStarted(long lastIndex);

    /** Owns the chunk. */
    void onSnapshotChunk(ByteBuf chunk);

    void onSnapshotFinished();

    /** An entry behind the snapshot, index by index without gaps. The buffer is valid during the call. */
    void onEntry(long index, ByteBuf entry);
}
