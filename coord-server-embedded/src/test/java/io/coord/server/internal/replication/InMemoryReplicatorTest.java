package io.coord.server.internal.replication;

class InMemoryReplicatorTest extends ReplicatorContract {
    @Override
    Replicator create(OwnerQueue mailbox) {
        return new InMemoryReplicator(mailbox);
    }
}
