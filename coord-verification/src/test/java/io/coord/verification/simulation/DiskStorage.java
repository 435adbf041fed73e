package io.coord.verification.simulation;

import io.coord.server.internal.log.SimulatedDirectory;
import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import io.coord.server.internal.replication.Replicator;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The one disk of a single server, from life to life. */
final class DiskStorage implements SimulatedServer.Storage {
    private final Random random;
    private SimulatedDirectory disk = new SimulatedDirectory();
    private SimulatedDirectory.Fault fault = (number, operation, name) -> Outcome.DONE;
    private @Nullable SimulatedLog log;

    DiskStorage(Random random) {
        this.random = random;
    }

    @Override
    public Replicator newReplicator(SimulatedServer server) {
        disk.setFault(fault);
        SimulatedLog created = new SimulatedLog(server, server.mutation().directory(disk), random);
        log = created;
        return created;
    }

    @Override
    public void onDeath(boolean powerLost) {
        if (log != null) {
            log.release();
            log = null;
        }
        Loss loss = powerLost ? (random.nextBoolean() ? Loss.RANDOM : Loss.EVERYTHING_UNSYNCED) : Loss.NOTHING;
        disk = disk.afterCrash(loss, random);
    }

    void setFault(SimulatedDirectory.Fault value) {
        fault = value;
        disk.setFault(value);
    }

    /** What the disk holds now, for whoever wants to damage a copy of it. */
    SimulatedDirectory copy() {
        return disk.afterCrash(Loss.NOTHING, random);
    }

    /** Whether the log has noted that everything in it is durable, so that damage to it cannot be a crash's doing. */
    boolean isConfirmed() {
        return log != null && log.isConfirmed();
    }
}
