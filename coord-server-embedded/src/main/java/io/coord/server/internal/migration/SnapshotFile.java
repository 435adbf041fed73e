package io.coord.server.internal.migration;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.migration.ZooKeeperFiles.Snapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one snapshot of ZooKeeper:
 *
 * <pre>
 * header    "ZKSN", version 4, database id 8
 * sessions  count 4; id 8, time-out 4 each
 * ACLs      count 4; number 8, entries each
 * znodes    path, data, ACL's number 8, stat each, parents first, the root's path being empty; "/" for the end
 * seal      Adler-32 of all before 8, "/"
 * </pre>
 *
 * From 3.6 on a digest and a second seal follow, from 3.9 on the last zxid and a third one.
 */
final class SnapshotFile {
    private static final int MAGIC = 0x5a4b534e;
    private static final int VERSION = 2;
    private static final String END = "/";
    /** Stands for the ACL that everybody has every permission by. */
    private static final long OPEN_ACL = -1;

    private final Snapshot snapshot;
    private final JuteInput in;
    private final ImportedState state = new ImportedState();
    private final Map<Long, List<Acl>> accessLists = new HashMap<>();

    private SnapshotFile(Snapshot snapshot, JuteInput in) {
        this.snapshot = snapshot;
        this.in = in;
    }

    /** @throws ImportRefusedException when it is not whole, with the place of the damage */
    static ImportedState read(Snapshot snapshot) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(snapshot.file()), 1 << 16)) {
            JuteInput in = new JuteInput(uncompressed(snapshot, file));
            try {
                return new SnapshotFile(snapshot, in).read();
            } catch (ImportRefusedException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw ImportRefusedException.damaged(
                        snapshot.file(),
                        in.position(),
                        "The snapshot is damaged: " + (e.getMessage() == null ? e.toString() : e.getMessage()),
                        e);
            }
        }
    }

    private static InputStream uncompressed(Snapshot snapshot, InputStream file) throws IOException {
        try {
            return switch (snapshot.compression()) {
                case NONE -> file;
                case GZIP -> new GZIPInputStream(file, 1 << 16);
                case SNAPPY -> new SnappyInput(file);
            };
        } catch (IOException e) {
            throw ImportRefusedException.damaged(snapshot.file(), 0, "The snapshot is damaged: " + e.getMessage(), e);
        }
    }

    private ImportedState read() throws IOException {
        int magic = in.readInt();
        int version = in.readInt();
        // The database's id has never meant anything.
        in.readLong();
        if (magic != MAGIC || version != VERSION) {
            throw ImportRefusedException.damaged(
                    snapshot.file(), 0, "This is no snapshot of ZooKeeper in format " + VERSION, null);
        }
        int sessions = in.readInt();
        for (int i = 0; i < sessions; i++) {
            state.openSession(in.readLong(), in.readInt());
        }
        int lists = in.readInt();
        for (int i = 0; i < lists; i++) {
            accessLists.put(in.readLong(), state.shared(in.readAcl()));
        }
        for (String path = in.readString(); !path.equals(END); path = in.readString()) {
            readNode(path.isEmpty() ? ZnodePath.ROOT : path);
        }
        checkSeal();
        if (!in.atEnd()) {
            readRest();
        }
        state.onSnapshot(snapshot.zxid());
        if (state.get(ZnodePath.ROOT) == null) {
            throw new IOException("there is no root");
        }
        state.addConfigIfMissing();
        return state;
    }

    private void readNode(String path) throws IOException {
        byte @Nullable [] data = in.readBuffer();
        long acl = in.readLong();
        ImportedNode node = new ImportedNode(data, aclOf(acl));
        node.czxid = in.readLong();
        node.mzxid = in.readLong();
        node.ctime = in.readLong();
        node.mtime = in.readLong();
        node.version = in.readInt();
        node.cversion = in.readInt();
        node.aversion = in.readInt();
        node.owner = in.readLong();
        node.pzxid = in.readLong();
        if (!state.addRead(path, node)) {
            throw new IOException("the znode " + path + " comes before its parent");
        }
    }

    private List<Acl> aclOf(long number) {
        return number == OPEN_ACL
                ? state.shared(Acl.OPEN)
                : accessLists.getOrDefault(number, ImportedState.MISSING_ACL);
    }

    private void checkSeal() throws IOException {
        long expected = in.checksum();
        if (in.readLong() != expected || !in.readString().equals(END)) {
            throw new IOException("its checksum is wrong");
        }
    }

    /**
     * Nothing of it is needed, but its seals guard it: a digest (zxid 8, version 4, digest 8) and a zxid (8). Either may have
     * been turned off.
     */
    private void readRest() throws IOException {
        in.readLong();
        long expected = in.checksum();
        long second = in.readLong();
        if (second == expected) {
            // That was the zxid, and this its seal.
            in.readString();
            return;
        }
        in.readInt();
        checkSeal();
        if (!in.atEnd()) {
            in.readLong();
            checkSeal();
        }
    }
}
