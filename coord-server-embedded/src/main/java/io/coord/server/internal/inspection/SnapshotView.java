package io.coord.server.internal.inspection;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogScan;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.StateRecordReader;
import io.coord.server.internal.tree.ZnodeRecord;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows what a snapshot holds, record by record: it needs no memory for the tree, only for the numbers of children. */
public final class SnapshotView {
    /** Is shown the snapshot. */
    public interface Viewer {
        /**
         * @param zxid of the last transaction
         * @param timeMs of the last transaction, wall-clock milliseconds
         */
        void onHeader(String file, long zxid, long timeMs) throws IOException;

        void onSession(Session session) throws IOException;

        /**
         * @param acl null when it was in a damaged place
         * @param childCount of children in this snapshot
         */
        void onZnode(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) throws IOException;

        /** @param goesOn whether anything follows */
        void onDamage(String file, long offset, String what, boolean goesOn) throws IOException;
    }

    private SnapshotView() {}

    /** @param index of the snapshot, as in its name */
    public static void show(LogDirectory directory, long index, Viewer viewer) throws IOException {
        Map<String, Integer> childCounts = new HashMap<>();
        LogScan.snapshot(directory, index, new Chunks(new CountingVisitor(childCounts), null));
        ShowingVisitor showing = new ShowingVisitor(LogScan.snapshotFile(directory, index), childCounts, viewer);
        LogScan.snapshot(directory, index, new Chunks(showing, showing));
    }

    private static final class Chunks implements LogScan.ChunkVisitor {
        private final StateRecordReader reader;
        private final @Nullable ShowingVisitor showing;

        Chunks(StateRecordReader.Visitor visitor, @Nullable ShowingVisitor showing) {
            this.reader = new StateRecordReader(visitor);
            this.showing = showing;
        }

        @Override
        public boolean onChunk(String file, long offset, ByteBuf chunk) throws IOException {
            try {
                reader.readChunk(chunk);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (IllegalStateException | IndexOutOfBoundsException e) {
                if (showing != null) {
                    showing.onDamage(
                            file, offset, "A chunk is whole but cannot be understood: " + e.getMessage(), true);
                }
            } finally {
                chunk.release();
            }
            return true;
        }

        @Override
        public boolean onDamage(String file, long offset, String what, boolean goesOn) throws IOException {
            if (showing != null) {
                showing.onDamage(file, offset, what, goesOn);
            }
            return true;
        }
    }

    private static final class CountingVisitor implements StateRecordReader.Visitor {
        private final Map<String, Integer> childCounts;

        CountingVisitor(Map<String, Integer> childCounts) {
            this.childCounts = childCounts;
        }

        @Override
        public void onHeader(int format, long zxid, long timeMs, long nextSessionId) {
            // Shown later.
        }

        @Override
        public void onSession(Session session) {
            // Shown later.
        }

        @Override
        public void onAcl(List<Acl> entries) {
            // Shown later.
        }

        @Override
        public void onZnode(ZnodeRecord node) {
            if (node.path().length() > 1) {
                childCounts.merge(parentOf(node.path()), 1, Integer::sum);
            }
        }

        @Override
        public void onEnd(int nodes, int sessions) {
            // Nothing to count.
        }
    }

    private static String parentOf(String path) {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    private static final class ShowingVisitor implements StateRecordReader.Visitor {
        private final String file;
        private final Map<String, Integer> childCounts;
        private final Viewer viewer;
        private final List<List<Acl>> accessLists = new ArrayList<>();
        /** Behind a damaged place nobody knows how many ACLs were in it, and so what number the next one has. */
        private boolean damaged;

        ShowingVisitor(String file, Map<String, Integer> childCounts, Viewer viewer) {
            this.file = file;
            this.childCounts = childCounts;
            this.viewer = viewer;
        }

        @Override
        public void onHeader(int format, long zxid, long timeMs, long nextSessionId) {
            told(() -> viewer.onHeader(file, zxid, timeMs));
        }

        @Override
        public void onSession(Session session) {
            told(() -> viewer.onSession(session));
        }

        @Override
        public void onAcl(List<Acl> entries) {
            if (!damaged) {
                accessLists.add(entries);
            }
        }

        void onDamage(String damagedFile, long offset, String what, boolean goesOn) throws IOException {
            damaged = true;
            viewer.onDamage(damagedFile, offset, what, goesOn);
        }

        @Override
        public void onZnode(ZnodeRecord node) {
            @Nullable List<Acl> acl = node.acl() < accessLists.size() ? accessLists.get(node.acl()) : null;
            told(() -> viewer.onZnode(node, acl, childCounts.getOrDefault(node.path(), 0)));
        }

        @Override
        public void onEnd(int nodes, int sessions) {
            // The trailer's own checksum says as much.
        }

        private static void told(Telling telling) {
            try {
                telling.tell();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @FunctionalInterface
        private interface Telling {
            void tell() throws IOException;
        }
    }
}
