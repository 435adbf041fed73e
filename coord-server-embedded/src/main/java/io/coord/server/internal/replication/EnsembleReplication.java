package io.coord.server.internal.replication;

import io.coord.server.internal.runtime.StateMailbox;

/** Makes servers members of an ensemble. Found by {@link java.util.ServiceLoader}: whoever wants one brings it on the class path. */
public interface EnsembleReplication {
    /** A replicator that has yet to be started; its role is told by its callbacks. */
    Replicator newReplicator(MemberSettings settings, StateMailbox mailbox);
}
