package io.coord.server.ensemble.internal;

import io.coord.server.internal.log.DataDirectories;
import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.util.SizeInBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data of a single server, which becomes the first snapshot of a member that is started on it: znodes, sessions, counters and the
 * zxid go on. The thread that starts the member; the state is asked on its owner.
 *
 * <p>Made beside its place, and given its name when it is whole. Then the single server's files go into a directory of their own,
 * where no server finds them. A start that was broken off does what is missing.
 */
final class SingleServerData {
    /** Where the single server's files are then. */
    static final String KEPT = "before-ensemble";

    private static final Logger LOG = LoggerFactory.getLogger(SingleServerData.class);
    private static final String FILES = "{segment-*.log,snapshot-*.snap,log-directory}";
    private static final String UNFINISHED = ".new";

    private static final long TERM = 1;
    /**
     * Far above any index of a log that begins with nothing, so that no such log goes on from here: members that have begun without this one
     * do not overwrite it, nor does it take part. What the state is made of is added: two that differ have different indexes.
     */
    private static final long FIRST_INDEX = 1L << 40;

    private static final int SLICE_BYTES = 256 << 10;
    private static final int COMMANDS_AT_ONCE = 512;

    private final ReplicatedState state;
    private final StateMailbox mailbox;

    private SingleServerData(ReplicatedState state, StateMailbox mailbox) {
        this.state = state;
        this.mailbox = mailbox;
    }

    /**
     * Takes it over if there is any.
     *
     * @param directory the member's, which nobody else works in
     * @throws IOException when it cannot be read, or a server works with it; nothing is lost
     */
    static void takeOver(MemberSettings settings, Path directory, ReplicatedState state, StateMailbox mailbox)
            throws IOException {
        String name = RaftNode.idOf(settings.ensemble()).toString();
        Path unfinished = directory.resolve(name + UNFINISHED);
        deleteAll(unfinished);
        Set<Path> places = new LinkedHashSet<>(List.of(settings.dataDirectory(), settings.directory()));
        if (filesOf(places).isEmpty()) {
            return;
        }
        Path group = directory.resolve(name);
        Closeable lock = LogRecovery.lock(new DiskLogDirectory(settings.dataDirectory()));
        try {
            if (!Files.exists(group)) {
                LogDirectory source = DataDirectories.of(settings.dataDirectory(), settings.directory())
                        .open();
                long index = new SingleServerData(state, mailbox).convert(source, unfinished);
                Files.move(unfinished, group, StandardCopyOption.ATOMIC_MOVE);
                MemberDirectory.sync(directory);
                LOG.info(
                        "Member {} of {} goes on from the data of a single server in {}, as index {}",
                        settings.id(),
                        settings.ensemble(),
                        settings.dataDirectory(),
                        index);
            }
            for (Path each : places) {
                keep(each);
            }
        } finally {
            lock.close();
        }
    }

    private static List<Path> filesOf(Set<Path> places) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path each : places) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(each, FILES)) {
                found.forEach(files::add);
            }
        }
        return files;
    }

    private static void keep(Path place) throws IOException {
        List<Path> files = filesOf(Set.of(place));
        if (files.isEmpty()) {
            return;
        }
        Path kept = Files.createDirectories(place.resolve(KEPT));
        for (Path each : files) {
            Files.move(each, kept.resolve(each.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        MemberDirectory.sync(kept);
        MemberDirectory.sync(place);
        LOG.info("The files of the single server are in {} now; nothing needs them", kept);
    }

    private static void deleteAll(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
        }
    }

    private long convert(LogDirectory source, Path target) throws IOException {
        Replay replay = new Replay();
        LogRecovery.recoverLocked(source, replay);
        replay.applyGathered();
        try (RaftStorage storage = RaftStorage.newBuilder()
                .setDirectory(target.toFile())
                .setOption(RaftStorage.StartupOption.FORMAT)
                .setStorageFreeSpaceMin(SizeInBytes.valueOf(0))
                .build()) {
            storage.initialize();
            storage.getMetadataFile()
                    .persist(RaftStorageMetadata.valueOf(
                            TERM, RaftStorageMetadata.getDefault().getVotedFor()));
            MemberDirectory.sync(storage.getStorageDir().getCurrentDir().toPath());
            long index = save(storage.getStorageDir().getStateMachineDir().toPath());
            MemberDirectory.sync(target);
            return index;
        }
    }

    private long save(Path directory) throws IOException {
        CRC32C content = new CRC32C();
        ReplicatedState.SnapshotCut cut = onOwner(state::beginSnapshot);
        try (SnapshotFile file = SnapshotFile.create(directory)) {
            boolean more = true;
            while (more) {
                ByteBuf slice = Unpooled.buffer(SLICE_BYTES);
                more = onOwner(() -> cut.writeNext(slice));
                content.update(slice.nioBuffer());
                file.write(slice);
            }
            long index = FIRST_INDEX + content.getValue();
            file.finish(TERM, index);
            return index;
        } finally {
            onOwner(() -> {
                cut.abandon();
                return true;
            });
        }
    }

    private <T> T onOwner(Supplier<T> step) {
        CompletableFuture<T> done = new CompletableFuture<>();
        mailbox.offer(() -> {
            try {
                done.complete(step.get());
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done.join();
    }

    /** Decodes here, applies on the owner. */
    private final class Replay implements RecoveryListener {
        private final CommandCodec codec = new CommandCodec();
        private List<Command> gathered = new ArrayList<>();

        @Override
        public void onSnapshotStarted(long lastIndex) {
            run(state::onRestoreStarted);
        }

        @Override
        public void onSnapshotChunk(ByteBuf chunk) {
            try {
                run(() -> state.onRestoreChunk(chunk));
            } finally {
                chunk.release();
            }
        }

        @Override
        public void onSnapshotFinished() {
            run(state::onRestoreFinished);
        }

        @Override
        public void onEntry(long index, ByteBuf entry) {
            gathered.add(codec.decode(entry));
            if (gathered.size() >= COMMANDS_AT_ONCE) {
                applyGathered();
            }
        }

        void applyGathered() {
            List<Command> commands = gathered;
            gathered = new ArrayList<>();
            run(() -> {
                commands.forEach(each -> state.onCommitted(each, Replicator.NO_TICKET));
                state.onBatchEnd();
            });
        }

        private void run(Runnable step) {
            onOwner(() -> {
                step.run();
                return true;
            });
        }
    }
}
