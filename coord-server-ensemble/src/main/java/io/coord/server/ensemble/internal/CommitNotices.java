package io.coord.server.ensemble.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Tells followers of a commit at once. Ratis tells them with the next entries or the next heartbeat: without this a lonely write through a
 * follower would wait for half an election time-out. Thread-safe.
 */
final class CommitNotices {
    /** By follower. Those of a term that is over stay until there are others: they do nothing. */
    private final Map<RaftPeerId, LogAppender> appenders = new ConcurrentHashMap<>();

    /** An appender was made: this member is about to lead. */
    void add(LogAppender appender) {
        appenders.put(appender.getFollowerId(), appender);
    }

    /** Up to which index a follower has the log, as far as the last leader here knew; -1 when none did. */
    long matchIndex(RaftPeerId follower) {
        LogAppender appender = appenders.get(follower);
        return appender == null ? -1 : appender.getFollower().getMatchIndex();
    }

    /** An entry was committed; without effect on a member that does not lead. */
    void onCommitted() {
        // Also where entries are on their way to the follower: they left before the commit, and do not tell of it.
        appenders.values().forEach(LogAppender::triggerHeartbeat);
    }
}
