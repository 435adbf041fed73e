package io.coord.server;

import io.coord.server.internal.replication.EnsembleReplication;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.runtime.StateMailbox;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds what makes a server a member of an ensemble. */
final class EnsembleMembership {
    private EnsembleMembership() {}

    /**
     * For a single server, which would begin empty beside a member's data.
     *
     * @throws FileSystemException when there is any
     */
    static void requireNone(Path directory) throws FileSystemException {
        Path note = directory.resolve("ensemble").resolve("member");
        if (Files.exists(note)) {
            throw new FileSystemException(
                    note.toString(),
                    null,
                    "a member of an ensemble works in this directory, and a single server would begin empty there; name the members"
                            + " in its configuration, or give it another directory");
        }
    }

    /** @throws EmbeddedServerException when nothing of the kind is on the class path */
    static Replicator replicator(
            EmbeddedServerConfig config, EnsembleSettings ensemble, Path dataDir, StateMailbox mailbox) {
        @Nullable EnsembleTls tls = ensemble.tls();
        MemberSettings settings = new MemberSettings(
                ensemble.name(),
                ensemble.id(),
                ensemble.members().stream()
                        .map(each -> new MemberSettings.Peer(
                                each.id(),
                                each.host(),
                                each.logPort(),
                                each.linkPort(),
                                each.observer(),
                                each.clientAddress()))
                        .toList(),
                ensemble.listenOnAllAddresses(),
                config.dataLogDir() == null ? dataDir : config.dataLogDir(),
                dataDir,
                config.fsync(),
                config.snapshotAfterWrites(),
                config.maxFrameBytes(),
                (int) ensemble.electionTimeout().toMillis(),
                2 * (int) ensemble.electionTimeout().toMillis(),
                (int) ensemble.syncTimeout().toMillis(),
                tls == null
                        ? null
                        : new MemberSettings.PeerTls(tls.config(), tls.hostnameVerification(), tls.reload()));
        return ServiceLoader.load(EnsembleReplication.class, EnsembleMembership.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new EmbeddedServerException(
                        "A server of an ensemble needs coord-server-ensemble on the class path", null))
                .newReplicator(settings, mailbox);
    }
}
