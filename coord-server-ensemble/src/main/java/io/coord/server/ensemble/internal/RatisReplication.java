package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.EnsembleReplication;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.runtime.StateMailbox;
import org.apache.ratis.util.ExitUtils;

/** Ensembles on Apache Ratis. Made by {@link java.util.ServiceLoader}. */
public final class RatisReplication implements EnsembleReplication {
    static {
        // Loading that class makes any uncaught exception, of any thread, the end of the process, which is not a
        // library's to decide.
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        ExitUtils.setTerminateOnUncaughtException(false);
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Override
    public Replicator newReplicator(MemberSettings settings, StateMailbox mailbox) {
        return new EnsembleReplicator(settings, mailbox);
    }
}
