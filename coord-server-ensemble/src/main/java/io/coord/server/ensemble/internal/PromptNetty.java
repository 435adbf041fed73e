package io.coord.server.ensemble.internal;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.netty.NettyFactory;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Ratis's own transport on Netty; its appenders are known to {@link CommitNotices}. Made by Ratis, by this class's name. */
public final class PromptNetty implements RpcType {
    private static final String NOTICES = "coord.commit-notices";
    private static final String MEMBERS = "coord.members";

    /** To be handed to the server that this type is for. */
    static Parameters parameters(CommitNotices notices, KnownMembers members) {
        Parameters parameters = new Parameters();
        parameters.put(NOTICES, notices, CommitNotices.class);
        parameters.put(MEMBERS, members, KnownMembers.class);
        return parameters;
    }

    @Override
    public String name() {
        return PromptNetty.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        CommitNotices notices = parameters.getNonNull(NOTICES, CommitNotices.class);
        KnownMembers members = parameters.getNonNull(MEMBERS, KnownMembers.class);
        NettyFactory netty = new NettyFactory(parameters);
        return new ServerFactory() {
            @Override
            public RpcType getRpcType() {
                return netty.getRpcType();
            }

            @Override
            public RaftServerRpc newRaftServerRpc(RaftServer server) {
                return new ReconnectingTransport(netty.newRaftServerRpc(server), members);
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
