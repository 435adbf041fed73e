package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.JavaUtils;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member's Ratis server. Thread-safe. */
final class RaftNode implements Closeable, LeaderIntake.Log {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
    private static final int NOBODY = -1;

    private final MemberSettings settings;
    private final KnownMembers known;
    private final Path storage;
    private final LogStateMachine.Receiver receiver;
    private final @Nullable SyncedMark mark;
    /** Up to which index everything was handed over: a log that is opened anew begins behind it. */
    private final AtomicLong handedOver = new AtomicLong(LogStateMachine.NOTHING);

    private final CommitNotices notices = new CommitNotices();
    private final RaftGroupId groupId;
    private final RaftPeerId selfId;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private volatile LogStateMachine stateMachine;
    private volatile @Nullable RaftServer server;
    /** It is being closed, or opened. */
    private volatile boolean turning;

    private boolean closed;

    /** What became of a step of {@link Reconfiguration}. */
    enum Outcome {
        DONE,
        /** Nothing was changed, and asking again leads nowhere. */
        REFUSED,
        /** Nobody knows, or it may be asked for again. */
        UNKNOWN
    }

    /**
     * Who has a part in the log, as this member's end of the log says.
     *
     * @param settled whether that is committed, and no change is under way
     */
    record Conf(Set<Integer> voters, Set<Integer> observers, boolean settled) {
        boolean contains(int id) {
            return voters.contains(id) || observers.contains(id);
        }

        SortedSet<Integer> ids() {
            SortedSet<Integer> ids = new TreeSet<>(voters);
            ids.addAll(observers);
            return ids;
        }

        /** As {@link io.coord.server.internal.replication.EnsembleMembers#rights}. */
        String rights() {
            return ids().stream()
                    .map(each -> each + (voters.contains(each) ? "" : ":observer"))
                    .collect(Collectors.joining(" "));
        }
    }

    /**
     * What this member knows of who leads.
     *
     * @param alive false when Ratis has given up
     * @param leading whether it is this one, and all entries of earlier terms have been handed over
     * @param leader its number; -1 when nobody is known
     */
    record View(boolean alive, boolean leading, int leader, long term) {}

    /** @param mark null when entries are acknowledged without a sync */
    RaftNode(
            MemberSettings settings,
            KnownMembers known,
            Path storage,
            LogStateMachine.Receiver receiver,
            @Nullable SyncedMark mark) {
        this.settings = settings;
        this.known = known;
        this.storage = storage;
        this.receiver = receiver;
        this.mark = mark;
        this.groupId = RaftGroupId.valueOf(idOf(settings.ensemble()));
        this.selfId = peerId(settings.id());
        this.stateMachine = new LogStateMachine(receiver, notices, mark, handedOver);
    }

    /** @param peers of an ensemble that begins; a log that has had members knows them */
    private RaftServer newServer(List<RaftPeer> peers) throws IOException {
        return RaftServer.newBuilder()
                .setServerId(selfId)
                .setGroup(RaftGroup.valueOf(groupId, peers))
                .setProperties(NodeProperties.of(settings, storage))
                .setParameters(MemberRpc.parameters(settings, notices, known))
                .setStateMachine(stateMachine)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
    }

    /** The same for all members, another one for another name. */
    static UUID idOf(String ensemble) {
        return UUID.nameUUIDFromBytes(("coord-ensemble:" + ensemble).getBytes(StandardCharsets.UTF_8));
    }

    private static RaftPeer peer(Peer each) {
        return RaftPeer.newBuilder()
                .setId(peerId(each.id()))
                .setAddress(addressOf(each))
                .setStartupRole(each.observer() ? RaftPeerRole.LISTENER : RaftPeerRole.FOLLOWER)
                .build();
    }

    private static RaftPeerId peerId(int id) {
        return RaftPeerId.valueOf(Integer.toString(id));
    }

    /** Where a member takes entries. */
    static String addressOf(Peer each) {
        String host = each.host().indexOf(':') >= 0 ? '[' + each.host() + ']' : each.host();
        return host + ':' + each.logPort();
    }

    /** Returns when what is on the disk was handed over, and the port is open. */
    synchronized void start() throws IOException {
        RaftServer started =
                newServer(known.members().stream().map(RaftNode::peer).toList());
        server = started;
        started.start();
    }

    private RaftServer server() {
        RaftServer current = server;
        if (current == null) {
            throw new IllegalStateException("the log was not opened");
        }
        return current;
    }

    private void closeServer() throws IOException {
        RaftServer current = server;
        if (current != null) {
            current.close();
        }
    }

    private RaftServer.Division division() throws IOException {
        return server().getDivision(groupId);
    }

    /** Whether it is being closed or opened just now, and knows nothing. */
    boolean isTurning() {
        return turning;
    }

    /**
     * Opens the log anew: with the part in it that this member has now, and for others who have told that they let it in. What was handed
     * over is not handed over again. Waits for that, a second or two.
     */
    synchronized void reopen() throws IOException {
        if (closed) {
            return;
        }
        turning = true;
        try {
            closeServer();
            LogStateMachine next = new LogStateMachine(receiver, notices, mark, handedOver);
            stateMachine = next;
            // A log without members waits for a leader to bring it in.
            RaftServer opened = newServer(List.of());
            server = opened;
            opened.start();
        } finally {
            turning = false;
        }
    }

    /** Closes the log until {@link #reopen}. Waits for that. */
    synchronized void shut() throws IOException {
        turning = true;
        try {
            closeServer();
        } finally {
            turning = false;
        }
    }

    Conf conf() throws IOException {
        RaftConfiguration conf = division().getRaftConf();
        boolean settled = conf.getPreviousPeers(RaftPeerRole.FOLLOWER).isEmpty()
                && conf.getPreviousPeers(RaftPeerRole.LISTENER).isEmpty()
                && conf.getLogEntryIndex() <= commitIndex();
        return new Conf(
                ids(conf.getCurrentPeers(RaftPeerRole.FOLLOWER)),
                ids(conf.getCurrentPeers(RaftPeerRole.LISTENER)),
                settled);
    }

    private static Set<Integer> ids(Collection<RaftPeer> peers) {
        return peers.stream()
                .map(each -> Integer.parseInt(each.getId().toString()))
                .collect(Collectors.toSet());
    }

    /** Changes who has a part in the log, if this member leads: who joins must have caught up before. */
    CompletableFuture<Outcome> setMembers(List<Peer> members) {
        List<RaftPeer> voters = members.stream()
                .filter(each -> !each.observer())
                .map(RaftNode::peer)
                .toList();
        List<RaftPeer> observers =
                members.stream().filter(Peer::observer).map(RaftNode::peer).toList();
        return outcome(
                "changing the members",
                () -> server().setConfigurationAsync(new SetConfigurationRequest(
                        clientId, selfId, groupId, callIds.incrementAndGet(), voters, observers)));
    }

    /** Hands leadership to a voter, if this member leads. */
    CompletableFuture<Outcome> handOverTo(int member, int timeoutMs) {
        return outcome(
                        "handing leadership over",
                        () -> server().transferLeadershipAsync(new TransferLeadershipRequest(
                                clientId, selfId, groupId, callIds.incrementAndGet(), peerId(member), timeoutMs)))
                // Its refusal says nothing about the members.
                .thenApply(outcome -> outcome == Outcome.REFUSED ? Outcome.UNKNOWN : outcome);
    }

    @FunctionalInterface
    private interface Call {
        CompletableFuture<RaftClientReply> send() throws IOException;
    }

    private static CompletableFuture<Outcome> outcome(String what, Call call) {
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = call.send();
        } catch (IOException | RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((answer, failure) -> {
            if (failure == null && answer.isSuccess()) {
                return Outcome.DONE;
            }
            Throwable why = failure == null ? answer.getException() : JavaUtils.unwrapCompletionException(failure);
            LOG.info("Ratis: {} did not succeed: {}", what, String.valueOf(why));
            boolean refused =
                    why instanceof ReconfigurationTimeoutException || why instanceof SetConfigurationException;
            return refused ? Outcome.REFUSED : Outcome.UNKNOWN;
        });
    }

    View view() throws IOException {
        DivisionInfo info = division().getInfo();
        long term = info.getCurrentTerm();
        boolean leading = info.isLeader() && info.isLeaderReady();
        @Nullable RaftPeerId leader = info.getLeaderId();
        // Read one after the other: a term that has ended meanwhile is noticed at the next look, and entries for it are
        // void.
        boolean same = info.getCurrentTerm() == term;
        return new View(
                info.isAlive(), leading && same, leader == null ? NOBODY : Integer.parseInt(leader.toString()), term);
    }

    long commitIndex() throws IOException {
        return division().getRaftLog().getLastCommittedIndex();
    }

    /** Up to which index a member has the log; -1 unless this one leads. */
    long matchIndex(int member) {
        return notices.matchIndex(peerId(member));
    }

    @Override
    public void append(byte[] entry, Runnable onFailure) {
        CompletableFuture<RaftClientReply> done;
        try {
            RaftClientRequest request = RaftClientRequest.newBuilder()
                    .setClientId(clientId)
                    .setServerId(selfId)
                    .setGroupId(groupId)
                    .setCallId(callIds.incrementAndGet())
                    .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                    .setType(RaftClientRequest.writeRequestType())
                    .build();
            // The server's own method would hand over to a pool, and wait for it.
            done = ((RaftClientAsynchronousProtocol) division()).submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            LOG.debug("An entry was not appended", e);
            onFailure.run();
            return;
        }
        done.whenComplete((reply, failure) -> {
            if (failure != null || !reply.isSuccess()) {
                LOG.debug("An entry was not appended: {}", reply, failure);
                onFailure.run();
            }
        });
    }

    Path snapshotDirectory() {
        return stateMachine.snapshotDirectory();
    }

    /** A snapshot is durable: what of the log is behind it may go. */
    void onSaved(SingleFileSnapshotInfo snapshot) throws IOException {
        stateMachine.onSaved(snapshot);
        server().snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                        clientId, selfId, groupId, callIds.incrementAndGet(), TimeUnit.MINUTES.toMillis(1), 1))
                .whenComplete((reply, failure) -> {
                    if (failure != null || !reply.isSuccess()) {
                        LOG.info(
                                "The log behind the snapshot of index {} stays for now: {}",
                                snapshot.getIndex(),
                                reply,
                                failure);
                    }
                });
    }

    /**
     * Starts an election without waiting for its time-out, as if the leader had asked for it. Harmless when the leader lives: it
     * steps down for a newer term.
     */
    void runForLeader(int gone) throws IOException {
        TermIndex last = division().getRaftLog().getLastEntryTermIndex();
        if (last != null) {
            server().startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(RaftRpcRequestProto.newBuilder()
                            .setRequestorId(peerId(gone).toByteString())
                            .setReplyId(selfId.toByteString())
                            .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(groupId))
                            .setCallId(callIds.incrementAndGet()))
                    .setLeaderLastEntry(
                            TermIndexProto.newBuilder().setTerm(last.getTerm()).setIndex(last.getIndex()))
                    .build());
        }
    }

    /**
     * Hands leadership to the voter that was heard of last, if this member leads. Waits for that, at most for a time.
     *
     * @param follows who is there to take it
     */
    void handOverLeadership(IntPredicate follows, int timeoutMs) {
        if (server == null) {
            return;
        }
        try {
            DivisionInfo info = division().getInfo();
            if (!info.isLeader()) {
                return;
            }
            @Nullable RaftPeerId next = null;
            long leastElapsed = Long.MAX_VALUE;
            for (ServerRpcProto each : info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
                RaftPeerId id = RaftPeerId.valueOf(each.getId().getId());
                int member = Integer.parseInt(id.toString());
                if (!known.isObserver(member)
                        && follows.test(member)
                        && each.getLastRpcElapsedTimeMs() < leastElapsed) {
                    next = id;
                    leastElapsed = each.getLastRpcElapsedTimeMs();
                }
            }
            if (next == null) {
                return;
            }
            RaftClientReply reply = server().transferLeadershipAsync(new TransferLeadershipRequest(
                            clientId, selfId, groupId, callIds.incrementAndGet(), next, timeoutMs))
                    .get(timeoutMs, TimeUnit.MILLISECONDS);
            LOG.info("Leadership was handed to member {}: {}", next, reply.isSuccess());
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.info("Leadership was not handed over; the others elect when they miss this member", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeServer();
    }
}
