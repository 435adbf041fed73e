package io.coord.server.internal.migration;

import io.coord.server.internal.inspection.StateReplay;
import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.FirstSnapshot;
import io.coord.server.internal.log.FreshDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an imported state goes: written beside its place, read back, compared, and only then given its name. */
final class TargetDirectory {
    private static final String SUFFIX = ".importing";
    private static final int BUFFER_BYTES = 256 << 10;

    private TargetDirectory() {}

    static void requireFree(Path target) throws IOException {
        try {
            FreshDirectory.requireFree(target);
        } catch (DirectoryNotEmptyException e) {
            throw new ImportRefusedException(target + " is not empty: an import makes a new data directory");
        }
    }

    static void make(Path target, ConvertedState converted) throws IOException {
        FreshDirectory fresh = FreshDirectory.beside(target, SUFFIX);
        boolean done = false;
        try {
            FirstSnapshot.write(new DiskLogDirectory(fresh.path()), writer -> {
                ByteBuf buffer = Unpooled.buffer(BUFFER_BYTES);
                converted.writeTo(writer::write, buffer, System.currentTimeMillis());
            });
            StateReplay replay = new StateReplay();
            LogRecovery.recoverOnce(fresh.path(), replay);
            requireSame(converted, replay.state());
            fresh.publish();
            done = true;
        } finally {
            if (!done) {
                fresh.discard();
            }
        }
    }

    private static void requireSame(ConvertedState converted, CoordStateMachine read) throws IOException {
        @Nullable String difference = converted.difference(read.tree()::get);
        if (difference == null && read.tree().size() != converted.znodes()) {
            difference = read.tree().size() + " znodes read back, not " + converted.znodes();
        }
        List<Session> sessions = read.sessions().all();
        if (difference == null && !sessions.equals(converted.sessions())) {
            difference = sessions.size() + " sessions read back differ from those that were written";
        }
        if (difference == null && read.lastZxid() != converted.lastZxid()) {
            difference = "the last zxid reads back as " + ZooKeeperImport.hex(read.lastZxid());
        }
        if (difference != null) {
            throw new IOException("What was written differs from what was read: " + difference);
        }
    }
}
