package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.server.internal.quota.Quotas;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionTable;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.TreeDigest;
import io.coord.server.internal.tree.TreeEdit;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state: tree and sessions, the zxid and the time of the last transaction. {@link #apply} is its only way of
 * changing; a write is evaluated there, once, after it was committed. Reads answer from the state as it is.
 *
 * <p>A transaction takes the next zxid, also one that fails: every client write, each creation of a session, each end of
 * one, each removal of a container or of a znode whose time to live is over. A re-attachment takes none, nor does an end
 * that came too late.
 */
public final class CoordStateMachine {
    private final long hashKey;
    private ZnodeTree tree;
    private Quotas quotas;
    private SessionTable sessions = new SessionTable();
    private final MemberTable members = new MemberTable();
    private long lastZxid;
    private long lastTimeMs;
    private @Nullable StateRestore restore;

    /** @param hashKey random, keys the hash tables; the state does not depend on it */
    public CoordStateMachine(long hashKey) {
        this.hashKey = hashKey;
        this.tree = new ZnodeTree(hashKey);
        this.quotas = new Quotas(tree);
    }

    public long lastZxid() {
        return lastZxid;
    }

    /** Of the last transaction, wall-clock milliseconds. */
    public long lastTimeMs() {
        return lastTimeMs;
    }

    /** To be read only. */
    public ZnodeTree tree() {
        return tree;
    }

    /** To be read only. */
    public SessionTable sessions() {
        return sessions;
    }

    public Effects apply(Command command) {
        if (command instanceof Command.Barrier) {
            return Effects.of(lastZxid, Answer.DONE, List.of(), null);
        }
        lastTimeMs = Math.max(lastTimeMs, command.timeMs());
        if (command instanceof Command.Write write) {
            return applyWrite(write);
        } else if (command instanceof Command.CreateSession create) {
            lastZxid++;
            return Effects.opened(lastZxid, sessions.open(create.timeoutMs(), create.password()));
        } else if (command instanceof Command.AttachSession attach) {
            Session session = sessions.attach(attach.sessionId(), attach.timeoutMs(), attach.password());
            return session == null
                    ? Effects.refused(lastZxid, ErrorCode.SESSION_EXPIRED)
                    : Effects.opened(lastZxid, session);
        } else if (command instanceof Command.CloseSession close) {
            return applyClose(close);
        } else if (command instanceof Command.ReapZnode reap) {
            return applyReap(reap);
        } else if (command instanceof Command.Reconfig reconfig) {
            return applyReconfig(reconfig);
        } else if (command instanceof Command.EndReconfig end) {
            return applyEnd(end);
        } else if (command instanceof Command.NameMembers name) {
            return applyNames(name);
        }
        throw new IllegalArgumentException("unknown command " + command);
    }

    private Effects applyWrite(Command.Write write) {
        lastZxid++;
        Session session = sessions.get(write.sessionId());
        if (session == null) {
            return Effects.refused(lastZxid, ErrorCode.SESSION_EXPIRED);
        }
        if (session.attachment() != write.attachment()) {
            return Effects.refused(lastZxid, ErrorCode.SESSION_MOVED);
        }
        TreeEdit edit = tree.edit(lastZxid, lastTimeMs);
        try {
            TreeWrites writes = new TreeWrites(tree, quotas, edit, session.id(), write.ids(), write.rules());
            Answer answer = writes.write(write.request());
            return Effects.of(lastZxid, answer, edit.commit(), writes.excess());
        } catch (RuntimeException e) {
            // A fault of ours must not stop a replica here, and again at each replay. All replicas have it alike.
            edit.rollback();
            return Effects.defect(lastZxid, e);
        }
    }

    private Effects applyClose(Command.CloseSession close) {
        Session session = sessions.get(close.sessionId());
        if (session == null) {
            return Effects.refused(lastZxid, ErrorCode.SESSION_EXPIRED);
        }
        if (session.attachment() != close.attachment()) {
            return Effects.refused(lastZxid, ErrorCode.SESSION_MOVED);
        }
        lastZxid++;
        TreeEdit edit = tree.edit(lastZxid, lastTimeMs);
        for (Znode each : tree.ephemeralsOf(session.id())) {
            delete(edit, each, each.path());
        }
        sessions.close(session.id());
        return Effects.closed(lastZxid, session, edit.commit());
    }

    private Effects applyReap(Command.ReapZnode reap) {
        lastZxid++;
        Znode node = tree.get(reap.path());
        if (node == null) {
            return Effects.refused(lastZxid, ErrorCode.NO_NODE);
        }
        if (node.childCount() > 0) {
            return Effects.refused(lastZxid, ErrorCode.NOT_EMPTY);
        }
        if (!tree.isReapable(node, lastTimeMs, reap.maxNeverUsedMs())) {
            return Effects.refused(lastZxid, ErrorCode.BAD_ARGUMENTS);
        }
        TreeEdit edit = tree.edit(lastZxid, lastTimeMs);
        delete(edit, node, reap.path());
        return Effects.of(lastZxid, Answer.DONE, edit.commit(), null);
    }

    private Effects applyReconfig(Command.Reconfig reconfig) {
        lastZxid++;
        Session session = sessions.get(reconfig.sessionId());
        if (session == null) {
            return Effects.refused(lastZxid, ErrorCode.SESSION_EXPIRED);
        }
        if (session.attachment() != reconfig.attachment()) {
            return Effects.refused(lastZxid, ErrorCode.SESSION_MOVED);
        }
        ErrorCode error = members.propose(tree, reconfig.request(), reconfig.ids(), reconfig.leastVoters(), lastZxid);
        return error == ErrorCode.OK
                ? Effects.reconfig(lastZxid, Answer.DONE, List.of(), new Effects.Reconfig(lastZxid, false))
                : Effects.refused(lastZxid, error);
    }

    private Effects applyEnd(Command.EndReconfig end) {
        EnsembleMembers.Change change = members.view().change();
        if (change == null || change.id() != end.id()) {
            return Effects.refused(lastZxid, ErrorCode.BAD_VERSION);
        }
        Effects.Reconfig ended = new Effects.Reconfig(change.id(), true);
        if (!end.done()) {
            members.giveUp();
            return Effects.reconfig(lastZxid, Answer.refusal(ErrorCode.NEW_CONFIG_NO_QUORUM), List.of(), ended);
        }
        lastZxid++;
        List<TreeChange> changes = members.set(tree, change.members(), lastZxid, lastTimeMs);
        return Effects.reconfig(lastZxid, MemberTable.answer(tree), changes, ended);
    }

    private Effects applyNames(Command.NameMembers name) {
        if (members.view().change() != null || members.view().current().version() != name.version()) {
            return Effects.refused(lastZxid, ErrorCode.BAD_VERSION);
        }
        lastZxid++;
        List<TreeChange> changes = members.set(tree, EnsembleMembers.parse(name.members()), lastZxid, lastTimeMs);
        return Effects.of(lastZxid, Answer.DONE, changes, null);
    }

    /** Who belongs to the ensemble; the same object until that changes. */
    public EnsembleMembers.View members() {
        return members.view();
    }

    private void delete(TreeEdit edit, Znode node, String path) {
        edit.delete(node, path);
        quotas.onDeleted(edit, path, node);
    }

    public Answer exists(String path, List<Id> ids) {
        return TreeReads.exists(tree, path, ids);
    }

    public Answer getData(String path, List<Id> ids) {
        return TreeReads.getData(tree, path, ids);
    }

    public Answer getChildren(GetChildrenRequest request, List<Id> ids) {
        return TreeReads.getChildren(tree, request, ids);
    }

    public Answer getAllChildrenNumber(String path, List<Id> ids) {
        return TreeReads.getAllChildrenNumber(tree, path, ids);
    }

    public Answer getEphemerals(GetEphemeralsRequest request, long sessionId) {
        return TreeReads.getEphemerals(tree, request, sessionId);
    }

    /** @param maxBytes reads behind the one with which the response is longer than this are left out */
    public Answer multiRead(MultiReadRequest request, List<Id> ids, int maxBytes) {
        return TreeReads.multiRead(tree, request, ids, maxBytes);
    }

    public Answer getAcl(String path, List<Id> ids) {
        return TreeReads.getAcl(tree, path, ids);
    }

    /** Equal for equal states, however they came about. Looks at every node. */
    public long digest() {
        long digest = TreeDigest.of(tree);
        for (Session each : sessions.all()) {
            digest = TreeDigest.mix(digest, each.id());
            digest = TreeDigest.mix(digest, each.timeoutMs());
            digest = TreeDigest.mix(digest, each.attachment());
            digest = TreeDigest.mix(digest, java.util.Arrays.hashCode(each.password()));
        }
        digest = TreeDigest.mix(digest, sessions.nextId());
        if (members.digest() != 0) {
            digest = TreeDigest.mix(digest, members.digest());
        }
        digest = TreeDigest.mix(digest, lastZxid);
        return TreeDigest.mix(digest, lastTimeMs);
    }

    /** Starts to put together a digest of the state as it is now, while it goes on changing. */
    public StateReview beginReview() {
        return new StateReview(tree, sessions, members.digest(), lastZxid, lastTimeMs);
    }

    /** Starts to save the state as it is now; it goes on changing while the cut is written. One at a time. */
    public SnapshotCut beginSnapshot() {
        return new StateSnapshot(tree, sessions, members.view(), lastZxid, lastTimeMs);
    }

    /** Starts to take over a saved state; the present one is gone. */
    public StateRestore beginRestore() {
        StateRestore begun = new StateRestore(hashKey);
        restore = begun;
        return begun;
    }

    /**
     * Makes the restored state the present one.
     *
     * @throws IllegalStateException when the snapshot was not whole
     */
    public void finishRestore() {
        StateRestore finished = restore;
        if (finished == null) {
            throw new IllegalStateException("no restore has begun");
        }
        tree = finished.finishTree();
        quotas = new Quotas(tree);
        sessions = finished.sessions();
        members.restore(finished.members());
        lastZxid = finished.lastZxid();
        lastTimeMs = finished.lastTimeMs();
        restore = null;
    }
}
