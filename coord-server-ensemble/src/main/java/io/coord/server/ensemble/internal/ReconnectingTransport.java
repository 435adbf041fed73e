package io.coord.server.ensemble.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.netty.server.NettyRpcService;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServerRpc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis's transport, which forgets a connection that it has got wrong. When a peer resets a connection at the moment at which it
 * comes about, Ratis 3.3.0 keeps a proxy in a state that it never leaves, and fails every later call to that peer with an
 * {@link IllegalStateException}: a leader would never again send it an entry. Thread-safe.
 */
final class ReconnectingTransport implements RaftServerRpc {
    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingTransport.class);

    private final NettyRpcService transport;

    @FunctionalInterface
    private interface Call<T> {
        T send() throws IOException;
    }

    ReconnectingTransport(NettyRpcService transport) {
        this.transport = transport;
    }

    private <T> T call(RaftRpcRequestProto request, Call<T> call) throws IOException {
        try {
            return call.send();
        } catch (RuntimeException e) {
            RaftPeerId peer = RaftPeerId.valueOf(request.getReplyId());
            LOG.debug("The connection to member {} is given up", peer, e);
            transport.getProxies().resetProxy(peer);
            throw new IOException("the connection to member " + peer + " was in no usable state", e);
        }
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return call(request.getServerRequest(), () -> transport.requestVote(request));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return call(request.getServerRequest(), () -> transport.appendEntries(request));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return call(request.getServerRequest(), () -> transport.installSnapshot(request));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return call(request.getServerRequest(), () -> transport.startLeaderElection(request));
    }

    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {
        transport.handleException(peer, failure, reconnect);
    }

    @Override
    public void notifyNotLeader(RaftGroupId group) {
        transport.notifyNotLeader(group);
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        transport.addRaftPeers(peers);
    }

    @Override
    public RpcType getRpcType() {
        return transport.getRpcType();
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        return transport.getInetSocketAddress();
    }

    @Override
    public void start() throws IOException {
        transport.start();
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
