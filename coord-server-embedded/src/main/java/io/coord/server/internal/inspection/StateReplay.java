package io.coord.server.internal.inspection;

import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogScan;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.state.StateRestore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes the state that a log recovers to, outside a server. The caller's thread. */
public final class StateReplay implements RecoveryListener {
    private final CoordStateMachine state = new CoordStateMachine(System.nanoTime());
    private final CommandCodec codec = new CommandCodec();
    private @Nullable StateRestore restore;
    private long lastIndex;

    /** As far as it has come. */
    public CoordStateMachine state() {
        return state;
    }

    /** Of the last entry that the state includes, 0 for none. */
    public long lastIndex() {
        return lastIndex;
    }

    @Override
    public void onSnapshotStarted(long index) {
        restore = state.beginRestore();
        lastIndex = index;
    }

    @Override
    public void onSnapshotChunk(ByteBuf chunk) {
        try {
            if (restore == null) {
                throw new IllegalStateException("a chunk of a snapshot before its start");
            }
            restore.readChunk(chunk);
        } finally {
            chunk.release();
        }
    }

    @Override
    public void onSnapshotFinished() {
        state.finishRestore();
        restore = null;
    }

    @Override
    public void onEntry(long index, ByteBuf entry) {
        apply(index, codec.decode(entry));
    }

    /** Does what an entry says. */
    Effects apply(long index, Command command) {
        lastIndex = index;
        return state.apply(command);
    }

    /**
     * Takes over a snapshot.
     *
     * @return false when it is damaged; then this object is of no more use
     */
    public boolean load(LogDirectory directory, long index) throws IOException {
        onSnapshotStarted(index);
        Loading loading = new Loading();
        LogScan.snapshot(directory, index, loading);
        if (loading.whole) {
            onSnapshotFinished();
        }
        return loading.whole;
    }

    private final class Loading implements LogScan.ChunkVisitor {
        private boolean whole = true;

        @Override
        public boolean onChunk(String file, long offset, ByteBuf chunk) {
            onSnapshotChunk(chunk);
            return true;
        }

        @Override
        public boolean onDamage(String file, long offset, String what, boolean goesOn) {
            whole = false;
            return false;
        }
    }
}
