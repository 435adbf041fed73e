package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.response.GetDataResponse;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.EnsembleMembers.Change;
import io.coord.server.internal.replication.EnsembleMembers.View;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.TreeDigest;
import io.coord.server.internal.tree.TreeEdit;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to the ensemble, and what change of that is under way: part of the replicated state. {@code /zookeeper/config} shows
 * it. Empty on a single server.
 */
final class MemberTable {
    private View view = View.NONE;

    View view() {
        return view;
    }

    /** A client's request, which takes the zxid: it is under way when the answer is OK, and only then. */
    ErrorCode propose(ZnodeTree tree, ReconfigRequest request, List<Id> ids, int leastVoters, long zxid) {
        EnsembleMembers current = view.current();
        if (view.change() != null) {
            return ErrorCode.RECONFIG_IN_PROGRESS;
        }
        if (request.curConfigId() != -1 && request.curConfigId() != current.version()) {
            return ErrorCode.BAD_VERSION;
        }
        MemberProposal proposal = MemberProposal.of(current, request, leastVoters);
        @Nullable EnsembleMembers next = proposal.members();
        if (next == null) {
            return proposal.error();
        }
        if (!node(tree).acl().permits(Acl.WRITE, ids)) {
            return ErrorCode.NO_AUTH;
        }
        view = new View(current, new Change(zxid, next));
        return ErrorCode.OK;
    }

    /** Nothing came of the change that is under way. */
    void giveUp() {
        view = new View(view.current(), null);
    }

    /** They are the members from now on. */
    List<TreeChange> set(ZnodeTree tree, EnsembleMembers members, long zxid, long timeMs) {
        EnsembleMembers named = members.withVersion(zxid);
        TreeEdit edit = tree.edit(zxid, timeMs);
        edit.announce(node(tree), ZnodeTree.CONFIG, named.text().getBytes(StandardCharsets.UTF_8));
        view = new View(named, null);
        return edit.commit();
    }

    /** As a client is told whose change was done. */
    static Answer answer(ZnodeTree tree) {
        Znode node = node(tree);
        return Answer.of(new GetDataResponse(node.data(), node.stat()));
    }

    private static Znode node(ZnodeTree tree) {
        return Objects.requireNonNull(tree.get(ZnodeTree.CONFIG));
    }

    /** Equal for equal tables; 0 for an empty one. */
    long digest() {
        if (view.equals(View.NONE)) {
            return 0;
        }
        Change change = view.change();
        long digest = TreeDigest.mix(0, view.current().text().hashCode());
        return change == null
                ? digest
                : TreeDigest.mix(
                        TreeDigest.mix(digest, change.id()),
                        change.members().lines().hashCode());
    }

    /** Without effect for an empty one. */
    static void write(View view, ByteBuf out) {
        if (!view.equals(View.NONE)) {
            Change change = view.change();
            out.writeByte(StateSnapshot.MEMBERS);
            StateSnapshot.writeString(view.current().text(), out);
            out.writeLong(change == null ? 0 : change.id());
            if (change != null) {
                StateSnapshot.writeString(change.members().text(), out);
            }
        }
    }

    /** Behind the kind. */
    static View read(ByteBuf in) {
        EnsembleMembers current = EnsembleMembers.parse(StateRestore.readString(in));
        long id = in.readLong();
        return new View(current, id == 0 ? null : new Change(id, EnsembleMembers.parse(StateRestore.readString(in))));
    }

    void restore(View restored) {
        view = restored;
    }
}
