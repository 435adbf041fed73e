package io.coord.server.internal.inspection;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.ZnodeRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What changed from one snapshot to another: znodes and sessions. Holds a summary of each znode of the first in memory.
 */
public final class SnapshotComparison {
    /** Is shown the differences: znodes in the order of the second snapshot, then those that are not in it, by their paths. */
    public interface Viewer {
        void onCreated(ZnodeRecord node) throws IOException;

        /** @param what in words, such as data, ACL or children */
        void onChanged(ZnodeRecord node, List<String> what) throws IOException;

        void onDeleted(String path) throws IOException;

        void onSessionOpened(long sessionId) throws IOException;

        void onSessionClosed(long sessionId) throws IOException;

        /** What is damaged in either may show as created or deleted. */
        void onDamage(String file, long offset, String what, boolean goesOn) throws IOException;
    }

    private record Summary(
            long czxid,
            long mzxid,
            long pzxid,
            int version,
            int aversion,
            int createCount,
            int childCount,
            long owner,
            int dataHash,
            int aclHash) {
        static Summary of(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) {
            return new Summary(
                    node.czxid(),
                    node.mzxid(),
                    node.pzxid(),
                    node.version(),
                    node.aversion(),
                    node.createCount(),
                    childCount,
                    node.owner(),
                    Arrays.hashCode(node.data()),
                    acl == null ? 0 : acl.hashCode());
        }

        List<String> differences(Summary later) {
            List<String> found = new ArrayList<>();
            if (czxid != later.czxid) {
                found.add("deleted and created again");
            }
            if (mzxid != later.mzxid || version != later.version || dataHash != later.dataHash) {
                found.add("data");
            }
            if (aversion != later.aversion || aclHash != later.aclHash) {
                found.add("acl");
            }
            if (pzxid != later.pzxid || createCount != later.createCount || childCount != later.childCount) {
                found.add("children");
            }
            if (owner != later.owner) {
                found.add("owner");
            }
            return found;
        }
    }

    private final Map<String, Summary> earlier = new TreeMap<>();
    private final Map<Long, Session> earlierSessions = new TreeMap<>();
    private final Viewer viewer;

    private SnapshotComparison(Viewer viewer) {
        this.viewer = viewer;
    }

    /** @param earlierIndex of the first snapshot, as in its name; {@code laterIndex} of the second likewise */
    public static void show(
            LogDirectory earlierIn, long earlierIndex, LogDirectory laterIn, long laterIndex, Viewer viewer)
            throws IOException {
        SnapshotComparison comparison = new SnapshotComparison(viewer);
        SnapshotView.show(earlierIn, earlierIndex, comparison.new Earlier());
        SnapshotView.show(laterIn, laterIndex, comparison.new Later());
        for (String path : comparison.earlier.keySet()) {
            viewer.onDeleted(path);
        }
        for (long session : comparison.earlierSessions.keySet()) {
            viewer.onSessionClosed(session);
        }
    }

    private abstract class Side implements SnapshotView.Viewer {
        @Override
        public void onHeader(String file, long zxid, long timeMs) {
            // Every snapshot has another one.
        }

        @Override
        public void onDamage(String file, long offset, String what, boolean goesOn) throws IOException {
            viewer.onDamage(file, offset, what, goesOn);
        }
    }

    private final class Earlier extends Side {
        @Override
        public void onSession(Session session) {
            earlierSessions.put(session.id(), session);
        }

        @Override
        public void onZnode(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) {
            earlier.put(node.path(), Summary.of(node, acl, childCount));
        }
    }

    private final class Later extends Side {
        @Override
        public void onSession(Session session) throws IOException {
            if (earlierSessions.remove(session.id()) == null) {
                viewer.onSessionOpened(session.id());
            }
        }

        @Override
        public void onZnode(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) throws IOException {
            @Nullable Summary before = earlier.remove(node.path());
            if (before == null) {
                viewer.onCreated(node);
                return;
            }
            List<String> differences = before.differences(Summary.of(node, acl, childCount));
            if (!differences.isEmpty()) {
                viewer.onChanged(node, differences);
            }
        }
    }
}
