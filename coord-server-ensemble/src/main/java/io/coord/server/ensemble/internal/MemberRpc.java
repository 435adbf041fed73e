package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** How members' logs reach each other: {@link LogTransport}. Made by Ratis, by this class's name. */
public final class MemberRpc implements RpcType {
    private static final String SETTINGS = "coord.member-settings";
    private static final String NOTICES = "coord.commit-notices";
    private static final String MEMBERS = "coord.members";

    /** To be handed to the server that this type is for. */
    static Parameters parameters(MemberSettings settings, CommitNotices notices, KnownMembers members) {
        Parameters parameters = new Parameters();
        parameters.put(SETTINGS, settings, MemberSettings.class);
        parameters.put(NOTICES, notices, CommitNotices.class);
        parameters.put(MEMBERS, members, KnownMembers.class);
        return parameters;
    }

    @Override
    public String name() {
        return MemberRpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        MemberSettings settings = parameters.getNonNull(SETTINGS, MemberSettings.class);
        CommitNotices notices = parameters.getNonNull(NOTICES, CommitNotices.class);
        KnownMembers members = parameters.getNonNull(MEMBERS, KnownMembers.class);
        return new ServerFactory() {
            @Override
            public RpcType getRpcType() {
                return MemberRpc.this;
            }

            @Override
            public RaftServerRpc newRaftServerRpc(RaftServer server) {
                return new LogTransport(server, settings, members, MemberRpc.this);
            }

            @Override
            public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
                LogAppender appender = LogAppender.newLogAppenderDefault(server, state, follower);
                notices.add(appender);
                return appender;
            }
        };
    }
}
