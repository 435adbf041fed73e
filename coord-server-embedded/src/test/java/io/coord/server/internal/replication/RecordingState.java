package io.coord.server.internal.replication;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A state that is the list of its commands, and remembers what else it was told. */
final class RecordingState implements ReplicatedState {
    private static final int SLICE_COMMANDS = 7;

    private final CommandCodec codec = new CommandCodec();
    private final Thread owner = Thread.currentThread();
    final List<Command> applied = new ArrayList<>();
    final List<Long> committed = new ArrayList<>();
    final Map<Long, String> refused = new LinkedHashMap<>();
    final Map<Long, String> unknown = new LinkedHashMap<>();
    int batches;
    int sinceBatchEnd;
    int restores;
    int cuts;
    boolean ready;
    final List<Role> roles = new ArrayList<>();
    Throwable failure;
    Throwable logFailure;
    /** Throws when a command with this ticket is to be applied. */
    long poison = -1;
    /** A call that came although no more should. */
    boolean ended;

    void end() {
        ended = true;
    }

    boolean hasFailed() {
        return failure != null || logFailure != null;
    }

    long settled() {
        return committed.size() + (long) refused.size() + unknown.size();
    }

    private void called() {
        if (Thread.currentThread() != owner) {
            throw new AssertionError("called on " + Thread.currentThread());
        }
        if (ended || failure != null) {
            throw new AssertionError("called after the end");
        }
    }

    @Override
    public void onRestoreStarted() {
        called();
        applied.clear();
        restores++;
    }

    @Override
    public void onRestoreChunk(ByteBuf chunk) {
        called();
        while (chunk.isReadable()) {
            applied.add(codec.decode(chunk.readSlice(chunk.readInt())));
        }
    }

    @Override
    public void onRestoreFinished() {
        called();
    }

    @Override
    public void onCommitted(Command command, long ticket) {
        called();
        if (ticket != Replicator.NO_TICKET) {
            if (ticket == poison) {
                throw new IllegalStateException("poisoned");
            }
            committed.add(ticket);
        }
        applied.add(command);
        sinceBatchEnd++;
    }

    @Override
    public void onBatchEnd() {
        called();
        batches++;
        sinceBatchEnd = 0;
    }

    @Override
    public void onRefused(long ticket, String reason) {
        called();
        refused.put(ticket, reason);
    }

    @Override
    public void onUnknown(long ticket, String reason) {
        called();
        unknown.put(ticket, reason);
    }

    @Override
    public void onRoleChanged(Role role) {
        called();
        roles.add(role);
    }

    @Override
    public void onTouched(int follower, long[] sessionIds) {
        called();
    }

    @Override
    public void onReady() {
        called();
        ready = true;
    }

    @Override
    public void onLogFailed(Throwable cause) {
        called();
        logFailure = cause;
    }

    @Override
    public void onFailed(Throwable cause) {
        called();
        failure = cause;
    }

    @Override
    public SnapshotCut beginSnapshot() {
        called();
        cuts++;
        List<Command> frozen = List.copyOf(applied);
        return new SnapshotCut() {
            private int next;

            @Override
            public boolean writeNext(ByteBuf chunk) {
                int end = Math.min(frozen.size(), next + SLICE_COMMANDS);
                while (next < end) {
                    int lengthIndex = chunk.writerIndex();
                    chunk.writeInt(0);
                    codec.encode(frozen.get(next++), chunk);
                    chunk.setInt(lengthIndex, chunk.writerIndex() - lengthIndex - Integer.BYTES);
                }
                return next < frozen.size();
            }

            @Override
            public void abandon() {
                next = frozen.size();
            }
        };
    }
}
