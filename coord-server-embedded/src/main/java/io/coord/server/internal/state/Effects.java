package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.response.Response;
import io.coord.server.internal.quota.QuotaExcess;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.TreeChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command.
 *
 * @param zxid the last one that is applied now; that of the command itself if it took one
 * @param changes of the tree, in the order in which watchers are told; empty when the command failed
 * @param opened the session that was created or attached, as it is now; else null
 * @param closed the session that has ended; else null
 * @param excess a quota that the command has led beyond, or was refused because of; else null
 * @param reconfig a change of the ensemble's members that has begun or ended; else null
 * @param defect a fault of this program that the command met; it changed nothing then. Else null
 */
public record Effects(
        long zxid,
        Answer answer,
        List<TreeChange> changes,
        @Nullable Session opened,
        @Nullable Session closed,
        @Nullable QuotaExcess excess,
        @Nullable Reconfig reconfig,
        @Nullable RuntimeException defect) {
    /**
     * What a command had to do with a change of the members.
     *
     * @param id of the change
     * @param ended whether it is over, and the answer is what its client is told; else it has begun, and its client waits
     */
    public record Reconfig(long id, boolean ended) {}

    /** The same with another answer, for a command whose answer depends on who asked. */
    public Effects answeredWith(Response response) {
        return new Effects(zxid, Answer.of(response), changes, opened, closed, excess, reconfig, defect);
    }

    static Effects of(long zxid, Answer answer, List<TreeChange> changes, @Nullable QuotaExcess excess) {
        return new Effects(zxid, answer, changes, null, null, excess, null, null);
    }

    static Effects refused(long zxid, ErrorCode error) {
        return new Effects(zxid, Answer.refusal(error), List.of(), null, null, null, null, null);
    }

    static Effects opened(long zxid, Session session) {
        return new Effects(zxid, Answer.DONE, List.of(), session, null, null, null, null);
    }

    static Effects closed(long zxid, Session session, List<TreeChange> changes) {
        return new Effects(zxid, Answer.DONE, changes, null, session, null, null, null);
    }

    static Effects defect(long zxid, RuntimeException defect) {
        return new Effects(zxid, Answer.refusal(ErrorCode.SYSTEM_ERROR), List.of(), null, null, null, null, defect);
    }

    static Effects reconfig(long zxid, Answer answer, List<TreeChange> changes, Reconfig reconfig) {
        return new Effects(zxid, answer, changes, null, null, null, reconfig, null);
    }
}
