package io.coord.server.ensemble.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * Ratis's transport, which forgets a connection that it has got wrong, and finds members that have moved. When a peer resets a connection at the moment at which it
 * comes about, Ratis 3.3.0 keeps a proxy in a state that it never leaves, and fails every later call to that peer with an
 * {@link IllegalStateException}: a leader would never again send it an entry. Thread-safe.
 */
final class ReconnectingTransport implements RaftServerRpc {
    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingTransport.class);

    private final NettyRpcService transport;
    private final KnownMembers members;
    /** Where Ratis has heard first that its peers are; it never forgets that. */
    private final Map<RaftPeerId, String> addresses = new ConcurrentHashMap<>();

    @FunctionalInterface
    private interface Call<R, T> {
        T send(R request) throws IOException;
    }

    @FunctionalInterface
    private interface Addressed<R> {
        R to(RaftRpcRequestProto receiver);
    }

    ReconnectingTransport(NettyRpcService transport, KnownMembers members) {
        this.transport = transport;
        this.members = members;
    }

    private <R, T> T call(R request, RaftRpcRequestProto head, Addressed<R> addressed, Call<R, T> call)
            throws IOException {
        RaftPeerId peer = RaftPeerId.valueOf(head.getReplyId());
        RaftPeerId name = nameOf(peer);
        // Whoever receives it does not look at the name.
        R sent = name.equals(peer)
                ? request
                : addressed.to(head.toBuilder().setReplyId(name.toByteString()).build());
        try {
            return call.send(sent);
        } catch (RuntimeException e) {
            LOG.debug("The connection to member {} is given up", peer, e);
            transport.getProxies().resetProxy(name);
            throw new IOException("the connection to member " + peer + " was in no usable state", e);
        }
    }

    /** A member that has moved has another name for Ratis's connections, which know one address of each name. */
    private RaftPeerId nameOf(RaftPeerId peer) {
        String address = members.find(Integer.parseInt(peer.toString()))
                .map(RaftNode::addressOf)
                .orElse(null);
        String before = addresses.get(peer);
        if (address == null || before == null || before.equals(address)) {
            return peer;
        }
        RaftPeer moved = RaftPeer.newBuilder()
                .setId(peer + "@" + address)
                .setAddress(address)
                .build();
        transport.getProxies().addRaftPeers(List.of(moved));
        return moved.getId();
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return call(
                request,
                request.getServerRequest(),
                head -> request.toBuilder().setServerRequest(head).build(),
                transport::requestVote);
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return call(
                request,
                request.getServerRequest(),
                head -> request.toBuilder().setServerRequest(head).build(),
                transport::appendEntries);
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return call(
                request,
                request.getServerRequest(),
                head -> request.toBuilder().setServerRequest(head).build(),
                transport::installSnapshot);
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return call(
                request,
                request.getServerRequest(),
                head -> request.toBuilder().setServerRequest(head).build(),
                transport::startLeaderElection);
    }

    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {
        transport.handleException(nameOf(peer), failure, reconnect);
    }

    @Override
    public void notifyNotLeader(RaftGroupId group) {
        transport.notifyNotLeader(group);
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        peers.forEach(each -> addresses.putIfAbsent(each.getId(), each.getAddress()));
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
