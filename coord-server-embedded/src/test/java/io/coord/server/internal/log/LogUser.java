package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Uses a log as a server would, on one thread: the state is the list of numbers that its entries carry. Knows what was
 * acknowledged, so that a test can say what has to be there after a crash.
 */
final class LogUser implements RecoveryListener, Closeable {
    static final LogConfig CONFIG =
            LogConfig.DEFAULT.withSegmentBytes(400, 1600).withRetainedSnapshots(2);
    private static final int SNAPSHOT_CHUNK_ENTRIES = 10;

    /** Numbers in the order of their entries: acknowledged first, then those of a batch that was not committed. */
    private final List<Long> written = new ArrayList<>();

    private int acknowledged;
    private RecoveredLog recovered;
    private long nextNumber;

    private LogUser() {}

    /** Recovers; what is found counts as acknowledged from then on, because readers see it. */
    static LogUser start(SimulatedDirectory directory, LogConfig config) throws IOException {
        LogUser user = new LogUser();
        user.recovered = LogRecovery.recover(directory, config, new InlineBackground(), user);
        user.acknowledged = user.written.size();
        user.nextNumber =
                1 + user.written.stream().mapToLong(Long::longValue).max().orElse(0);
        return user;
    }

    /** What a start finds. */
    static List<Long> found(SimulatedDirectory directory) throws IOException {
        try (LogUser user = start(directory, CONFIG)) {
            return user.written();
        }
    }

    /** One that has not started yet, as a place for what a crashing start leaves. */
    static LogUser nothing() {
        return new LogUser();
    }

    List<Long> acknowledged() {
        return List.copyOf(written.subList(0, acknowledged));
    }

    List<Long> written() {
        return List.copyOf(written);
    }

    WriteAheadLog log() {
        return recovered.log();
    }

    /** Numbers must stay unique over all lives of a log. */
    void numberFrom(long number) {
        nextNumber = Math.max(nextNumber, number);
    }

    /** Writes a batch; it is acknowledged when this returns. */
    void batch(int entries, Random random) throws IOException {
        for (int i = 0; i < entries; i++) {
            ByteBuf out = log().beginEntry();
            out.writeLong(nextNumber).writeZero(random.nextInt(60));
            written.add(nextNumber++);
            log().endEntry();
        }
        log().commit();
        acknowledged = written.size();
    }

    void snapshot() throws IOException {
        SnapshotWriter writer = recovered.snapshots().create(acknowledged);
        for (int from = 0; from < acknowledged; from += SNAPSHOT_CHUNK_ENTRIES) {
            ByteBuf chunk = Unpooled.buffer();
            written.subList(from, Math.min(acknowledged, from + SNAPSHOT_CHUNK_ENTRIES))
                    .forEach(chunk::writeLong);
            writer.write(chunk);
        }
        recovered.snapshots().finish(writer);
    }

    /** A mixture of everything that a server does to its files. */
    void work(Random random, int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            batch(1 + random.nextInt(5), random);
            if (random.nextInt(4) == 0) {
                log().confirm();
            }
            if (random.nextInt(8) == 0) {
                snapshot();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (recovered != null) {
            log().close();
        }
    }

    @Override
    public void onSnapshotStarted(long lastIndex) {
        written.clear();
    }

    @Override
    public void onSnapshotChunk(ByteBuf chunk) {
        while (chunk.isReadable()) {
            written.add(chunk.readLong());
        }
        chunk.release();
    }

    @Override
    public void onSnapshotFinished() {}

    @Override
    public void onEntry(long index, ByteBuf entry) {
        written.add(entry.readLong());
        if (written.size() != index) {
            throw new IllegalStateException("entry " + index + " came as number " + written.size());
        }
    }
}
