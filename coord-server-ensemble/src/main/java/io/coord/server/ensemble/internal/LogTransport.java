package io.coord.server.ensemble.internal;

import io.coord.server.ensemble.internal.LogConnection.Kind;
import io.coord.server.internal.replication.MemberSettings;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;
import org.apache.ratis.util.NetUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis sends to other members and gets from them, over blocking connections: the thread that asks writes and reads itself, which
 * spares the hand-overs to and from a loop. Thread-safe.
 */
final class LogTransport implements RaftServerRpc {
    private static final Logger LOG = LoggerFactory.getLogger(LogTransport.class);

    private final RaftServer server;
    private final MemberSettings settings;
    private final KnownMembers members;
    private final LogSockets sockets;
    private final UUID ensemble;
    private final RpcType type;
    /** Where Ratis says that its peers are; what is known of members counts more. */
    private final Map<RaftPeerId, String> told = new ConcurrentHashMap<>();

    /** By address: a member may move. */
    private final Map<String, LogPeer> peers = new ConcurrentHashMap<>();

    private volatile @Nullable LogListener listener;
    private volatile boolean closed;

    LogTransport(RaftServer server, MemberSettings settings, KnownMembers members, RpcType type) {
        this.server = server;
        this.settings = settings;
        this.members = members;
        this.type = type;
        this.ensemble = RaftNode.idOf(settings.ensemble());
        this.sockets = new LogSockets(settings, NodeProperties.answerTimeoutMs(settings));
    }

    @Override
    public void start() throws IOException {
        listener = new LogListener(
                server, sockets, sockets.listen(members.self()), RaftGroupId.valueOf(ensemble), ensemble);
    }

    private <T> T call(Kind kind, ByteString to, MessageLite request, Parser<T> parser) throws IOException {
        return peers.computeIfAbsent(address(RaftPeerId.valueOf(to)), each -> new LogPeer(() -> connect(each)))
                .call(kind, request, parser);
    }

    /** As written: what it means is looked up with each connection. */
    private String address(RaftPeerId to) throws IOException {
        String known = members.find(Integer.parseInt(to.toString()))
                .map(RaftNode::addressOf)
                .orElseGet(() -> told.get(to));
        if (known == null) {
            throw new IOException("nobody has said where member " + to + " is");
        }
        return known;
    }

    private LogConnection connect(String address) throws IOException {
        if (closed) {
            throw new IOException("this member is being closed");
        }
        LogConnection connection = sockets.connect(NetUtils.createSocketAddr(address));
        try {
            connection.sendHello(ensemble, settings.id());
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return call(Kind.VOTE, request.getServerRequest().getReplyId(), request, RequestVoteReplyProto.parser());
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return call(Kind.APPEND, request.getServerRequest().getReplyId(), request, AppendEntriesReplyProto.parser());
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return call(
                Kind.INSTALL_SNAPSHOT,
                request.getServerRequest().getReplyId(),
                request,
                InstallSnapshotReplyProto.parser());
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return call(
                Kind.START_ELECTION,
                request.getServerRequest().getReplyId(),
                request,
                StartLeaderElectionReplyProto.parser());
    }

    /** The connection that failed was given up when it did. */
    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {}

    @Override
    public void addRaftPeers(Collection<RaftPeer> added) {
        for (RaftPeer each : added) {
            if (each.getAddress() != null) {
                told.put(each.getId(), each.getAddress());
            }
        }
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    @Override
    public InetSocketAddress getInetSocketAddress() {
        LogListener listening = listener;
        return listening == null ? new InetSocketAddress(members.self().logPort()) : listening.address();
    }

    @Override
    public void close() {
        closed = true;
        LogListener listening = listener;
        if (listening != null) {
            close(listening);
        }
        peers.values().forEach(LogTransport::close);
    }

    private static void close(Closeable part) {
        try {
            part.close();
        } catch (IOException e) {
            LOG.debug("A connection for the log was not closed in good order", e);
        }
    }
}
