package io.coord.verification.simulation;

import io.coord.server.internal.log.Background;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDamagedException;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.RecoveredLog;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.log.SimulatedDirectory;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.StateRestore;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Flips one bit of a copy of a disk and starts from it: it is told, or it makes no difference. */
final class BitRot {
    private static final Background IN_PLACE = new Background() {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean isStopping() {
            return false;
        }
    };

    private BitRot() {}

    /** @return what is wrong: the damage was neither told nor without effect; null when all is well */
    static @Nullable String strike(SimulatedDirectory disk, Random random, Statistics stats) {
        List<String> names =
                disk.list().stream().filter(name -> disk.bytes(name).length > 0).toList();
        String name = names.get(random.nextInt(names.size()));
        byte[] bytes = disk.bytes(name);
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        long whole;
        try {
            whole = digestOf(disk.with(name, disk.bytes(name)));
        } catch (IOException e) {
            return "an undamaged disk cannot be read: " + e;
        }
        try {
            long damaged = digestOf(disk.with(name, bytes));
            return damaged == whole ? null : "byte " + at + " of " + name + " was flipped and nobody noticed";
        } catch (LogDamagedException e) {
            stats.damageDetected++;
            return String.valueOf(e.getMessage()).contains(name) ? null : "damage to " + name + " is called " + e;
        } catch (IOException e) {
            stats.damageDetected++;
            return null;
        }
    }

    private static long digestOf(SimulatedDirectory disk) throws IOException {
        CoordStateMachine state = new CoordStateMachine(1);
        CommandCodec codec = new CommandCodec();
        RecoveredLog recovered = LogRecovery.recover(disk, LogConfig.DEFAULT, IN_PLACE, new RecoveryListener() {
            private @Nullable StateRestore restore;

            @Override
            public void onSnapshotStarted(long lastIndex) {
                restore = state.beginRestore();
            }

            @Override
            public void onSnapshotChunk(ByteBuf chunk) {
                if (restore != null) {
                    restore.readChunk(chunk);
                }
                chunk.release();
            }

            @Override
            public void onSnapshotFinished() {
                state.finishRestore();
            }

            @Override
            public void onEntry(long index, ByteBuf entry) {
                state.apply(codec.decode(entry));
            }
        });
        recovered.log().close();
        return state.digest();
    }
}
