package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import io.coord.server.internal.replication.MemberSettings.PeerTls;
import io.coord.server.internal.replication.QuorumView;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections between members, beside the log: each member has one to whom it takes for the leader, over which go its clients'
 * writes, the sessions that it has heard of, and pings that tell whether there still is a leader. Everything runs on one thread, {@code
 * coord-ensemble}; the methods may be called from any.
 */
final class MemberLinks {
    /** Told on the links' thread. */
    interface Listener {
        /** A leader has said that it leads, this member perhaps. Again with each term. */
        void onRoute(Route route);

        /** The leader is gone, or leads no more. */
        void onRouteLost(String why);

        /** No leader has answered for too long, or this member does not get on with the log. */
        void onOutOfTouch(String why);

        /** Nobody knows what became of what is under way. */
        void onBroken(long life, long stream);

        /** This member leads the term, and another one has heard of sessions. */
        void onTouched(long term, int from, long[] sessions);

        /** This member leads, and wants something in the log; it asks again if that gets lost. */
        void onProposal(Command command);

        /** Ratis has given up. */
        void onNodeFailed(Throwable cause);

        /** Up to which index everything is applied here. */
        long appliedIndex();
    }

    /** Told on the links' thread whether the others take this server for a member. */
    interface Door {
        void onOutside(EnsembleMembers members);

        void onAdmitted();
    }

    private static final Logger LOG = LoggerFactory.getLogger(MemberLinks.class);
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int NOBODY = -1;
    /** Of voters within an election time-out. */
    private static final int TURNS = 4;

    private static final int MESSAGE_SLACK_BYTES = 64 << 10;

    private final MemberSettings settings;
    private final KnownMembers known;
    private final RaftNode node;
    private final Door door;
    private final Listener listener;
    private final UUID ensemble;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final ChannelGroup channels;
    private final LeaderIntake intake;
    private final Learners learners;
    private final Reconfiguration reconfiguration;
    private final Doorstep doorstep;
    private final int tickMs;
    private final int mostBytes;
    private final @Nullable MemberTls tls;
    private long nextTlsLineNanos = System.nanoTime();
    private boolean closed;

    /** To whom there is a connection, or one that is being made. */
    private int linkedTo = NOBODY;

    private @Nullable Channel link;
    private long linkedNanos;
    private @Nullable Route announced;
    /** When the newest ping was sent that a leader has answered. */
    private long confirmedNanos = System.nanoTime();

    /** The route whose connection broke, until there is a new one. */
    private @Nullable Route broken;

    private boolean outOfTouch = true;
    /** An index of the leader's that this member has yet to apply; 0 for none. */
    private long target;

    private long targetNanos;

    MemberLinks(MemberSettings settings, KnownMembers known, RaftNode node, Door door, Listener listener) {
        this.settings = settings;
        this.known = known;
        this.door = door;
        this.node = node;
        this.listener = listener;
        this.ensemble = RaftNode.idOf(settings.ensemble());
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("coord-ensemble", true), NioIoHandler.newFactory());
        this.loop = group.next();
        this.channels = new DefaultChannelGroup(loop);
        this.learners = new Learners(known);
        this.reconfiguration = new Reconfiguration(known, node, learners::isSynced, listener::onProposal);
        this.doorstep = new Doorstep(known);
        this.intake = new LeaderIntake(this::append, this::later);
        this.tickMs = Math.max(10, settings.electionTimeoutMinMs() / 10);
        this.mostBytes = NodeProperties.entryBytes(settings) + MESSAGE_SLACK_BYTES;
        PeerTls peerTls = settings.tls();
        this.tls = peerTls == null ? null : new MemberTls(peerTls);
    }

    /** Opens this member's port, and waits for that. */
    void start() throws IOException {
        Peer self = known.self();
        ChannelFuture binding = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        if (tls != null) {
                            channel.pipeline().addLast(new SslHandler(tls.engineFrom()));
                        }
                        channel.pipeline().addLast(new LinkCodec(mostBytes), new MemberHandler());
                    }
                })
                .bind(
                        settings.listenOnAllAddresses()
                                ? new InetSocketAddress(self.linkPort())
                                : new InetSocketAddress(self.host(), self.linkPort()))
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "Cannot listen for other members on " + self.host() + ':' + self.linkPort() + ": "
                            + binding.cause().getMessage(),
                    binding.cause());
        }
        channels.add(binding.channel());
        loop.scheduleWithFixedDelay(this::check, 0, tickMs, TimeUnit.MILLISECONDS);
    }

    /** Ends the connections and the thread, and waits for that. */
    void close() {
        later(() -> {
            closed = true;
            channels.close();
        });
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Somebody else may lead now. */
    void onLeadership() {
        later(this::check);
    }

    /** Others belong to the ensemble, or are about to. */
    void onMembers() {
        later(this::check);
    }

    /** Sends a batch to the leader of a term, this member itself perhaps. */
    void submit(Route route, BatchHeader header, byte[] entry) {
        later(() -> {
            if (route.leader() == settings.id()) {
                intake.accept(settings.id(), header, entry, () -> listener.onBroken(header.life(), header.stream()));
            } else if (!isLinkedTo(route.leader()) || !send(new LinkMessage.Submitted(entry))) {
                listener.onBroken(header.life(), header.stream());
            }
        });
    }

    /** Tells the leader of sessions; may get lost. */
    void report(Route route, long[] sessions) {
        later(() -> {
            if (isLinkedTo(route.leader())) {
                send(new LinkMessage.Touched(route.term(), sessions));
            }
        });
    }

    private void append(byte[] entry, Runnable onFailure) {
        learners.onAppended(entry.length);
        node.append(entry, onFailure);
    }

    /** Who is led; null while this member does not lead. Any thread. */
    QuorumView.@Nullable Led led() {
        return learners.view();
    }

    /** Whether a member has this one for its leader. Any thread. */
    boolean isFollowedBy(int member) {
        return learners.isConnected(member);
    }

    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (!group.isShuttingDown()) {
                throw e;
            }
        }
    }

    private boolean isLinkedTo(int member) {
        Channel current = link;
        return linkedTo == member && current != null && current.isActive();
    }

    private boolean send(LinkMessage message) {
        Channel current = link;
        if (current == null || !current.isActive()) {
            return false;
        }
        current.writeAndFlush(message);
        return true;
    }

    // ---- Who leads

    private void check() {
        if (closed || node.isTurning()) {
            return;
        }
        try {
            if (known.isOutside()) {
                ask();
                return;
            }
            RaftNode.View view = node.view();
            if (!view.alive()) {
                ask();
                return;
            }
            doorstep.onOpen();
            if (view.leading()) {
                lead(view.term());
            } else {
                follow(view.leader());
            }
        } catch (IOException | RuntimeException | Error e) {
            closed = true;
            listener.onNodeFailed(e);
        }
    }

    /** The log is closed: perhaps this server is no member. */
    private void ask() {
        if (doorstep.isHopeless()) {
            closed = true;
            listener.onNodeFailed(new IOException("the member's log has been closed; Ratis's own log lines say why"));
            return;
        }
        if (!outOfTouch) {
            getOutOfTouch("the log is closed to this server");
        }
        doorstep.next().ifPresent(each -> {
            unlink();
            link(each);
        });
    }

    private void onNotMember(LinkMessage.NotMember message) {
        EnsembleMembers members = EnsembleMembers.parse(message.members());
        boolean before = known.isOutside();
        if (known.leave(members)) {
            doorstep.onTurnedAway();
            if (!before) {
                getOutOfTouch("it is none of the members " + members.rights());
                door.onOutside(members);
            }
        }
    }

    private void turnStrangersAway() {
        for (Channel each : learners.strangers()) {
            turnAway(each);
        }
    }

    private void turnAway(Channel stranger) {
        stranger.writeAndFlush(new LinkMessage.NotMember(known.said().config().text()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void lead(long term) throws IOException {
        unlink();
        if (intake.term() != term) {
            intake.onTerm(term);
        }
        confirmedNanos = System.nanoTime();
        learners.onLeading(term, node::matchIndex);
        announce(new Route(settings.id(), term, node.commitIndex()));
        turnStrangersAway();
        reconfiguration.onLeading(term);
    }

    private void follow(int leader) {
        if (intake.term() != LeaderIntake.NONE) {
            intake.onTerm(LeaderIntake.NONE);
            learners.onFollowing();
            loseRoute("this member leads no more");
        }
        if (leader != linkedTo || link == null) {
            unlink();
            if (leader != NOBODY && leader != settings.id()) {
                link(leader);
            }
        } else if (link.isActive()) {
            send(new LinkMessage.Ping(System.nanoTime()));
        }
        long now = System.nanoTime();
        if (link != null && now - Math.max(confirmedNanos, linkedNanos) > syncNanos()) {
            // It may lead nowhere without being broken.
            unlink();
        }
        if (!outOfTouch && now - confirmedNanos > syncNanos()) {
            getOutOfTouch("no leader has answered for " + settings.syncTimeoutMs() + " ms");
        }
    }

    private long syncNanos() {
        return TimeUnit.MILLISECONDS.toNanos(settings.syncTimeoutMs());
    }

    private void announce(Route route) {
        Route current = announced;
        if (current == null || !current.isOfSameTerm(route)) {
            announced = route;
            broken = null;
            outOfTouch = false;
            target = 0;
            listener.onRoute(route);
        }
    }

    private void loseRoute(String why) {
        if (announced != null) {
            announced = null;
            listener.onRouteLost(why);
        }
    }

    private void getOutOfTouch(String why) {
        outOfTouch = true;
        announced = null;
        target = 0;
        listener.onOutOfTouch(why);
    }

    private void unlink() {
        Channel current = link;
        if (current != null) {
            link = null;
            linkedTo = NOBODY;
            current.close();
            loseRoute("there is another leader");
        }
    }

    private void link(int leader) {
        Optional<Peer> found = known.find(leader);
        if (found.isEmpty()) {
            // It has come in by a change that this member has yet to hear of.
            return;
        }
        Peer peer = found.get();
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(new SslHandler(tls.engineTo(peer.host(), peer.linkPort())));
                        }
                        channel.pipeline().addLast(new LinkCodec(mostBytes), new LeaderHandler());
                    }
                })
                .connect(new InetSocketAddress(peer.host(), peer.linkPort()));
        connecting.addListener(done -> {
            if (done.cause() instanceof ConnectException && !(done.cause() instanceof ConnectTimeoutException)) {
                onRefused(leader);
            }
        });
        linkedTo = leader;
        linkedNanos = System.nanoTime();
        link = connecting.channel();
        channels.add(connecting.channel());
    }

    private void onLinkClosed(Channel channel) {
        if (channel.equals(link)) {
            link = null;
            linkedTo = NOBODY;
            if (announced != null) {
                broken = announced;
                later(this::check);
            }
            loseRoute("the connection to the leader broke");
        }
    }

    /**
     * Nobody listens where the leader has just been: its process is gone. So there is no need to wait for an election time-out. The
     * voters take turns, lest they all run and none is elected.
     */
    private void onRefused(int leader) {
        Route was = broken;
        if (was == null || was.leader() != leader || known.isObserver(settings.id()) || closed) {
            return;
        }
        broken = null;
        long before = known.members().stream()
                .filter(each -> !each.observer() && each.id() != leader && each.id() < settings.id())
                .count();
        loop.schedule(() -> runForLeader(was), before * settings.electionTimeoutMinMs() / TURNS, TimeUnit.MILLISECONDS);
    }

    private void runForLeader(Route was) {
        try {
            RaftNode.View view = node.view();
            if (!closed && announced == null && view.leader() == was.leader() && view.term() == was.term()) {
                LOG.info("Member {} runs for leader: the process of member {} is gone", settings.id(), was.leader());
                node.runForLeader(was.leader());
            }
        } catch (IOException e) {
            LOG.debug("The election waits for its time-out", e);
        }
    }

    private void onPong(LinkMessage.Pong pong) {
        if (doorstep.isAsking() && !closed) {
            doorstep.onAdmitted();
            known.enter();
            door.onAdmitted();
            return;
        }
        if (pong.term() == LeaderIntake.NONE || closed) {
            return;
        }
        confirmedNanos = Math.max(confirmedNanos, pong.pingedNanos());
        if (System.nanoTime() - confirmedNanos > syncNanos()) {
            return;
        }
        announce(new Route(linkedTo, pong.term(), pong.commitIndex()));
        watchLag(pong.commitIndex());
    }

    /** A member that is told that there is a leader, and does not get its entries, must not go on serving what is old. */
    private void watchLag(long commitIndex) {
        long now = System.nanoTime();
        if (listener.appliedIndex() >= target) {
            target = commitIndex;
            targetNanos = now;
        } else if (now - targetNanos > syncNanos()) {
            getOutOfTouch("the log does not get on: it is at " + listener.appliedIndex() + ", the leader's at "
                    + commitIndex);
        }
    }

    /** The connection of a member to this one. */
    private final class MemberHandler extends SimpleChannelInboundHandler<LinkMessage> {
        private int from = NOBODY;

        @Override
        protected void channelRead0(ChannelHandlerContext context, LinkMessage message) throws IOException {
            if (message instanceof LinkMessage.Hello hello) {
                onHello(context, hello);
            } else if (from == NOBODY) {
                context.close();
            } else if (message instanceof LinkMessage.Ping ping) {
                long term = intake.term();
                long commitIndex = term == LeaderIntake.NONE ? 0 : node.commitIndex();
                context.writeAndFlush(new LinkMessage.Pong(ping.sentNanos(), term, commitIndex));
            } else if (message instanceof LinkMessage.Submitted submitted) {
                BatchHeader header = BatchHeader.read(Unpooled.wrappedBuffer(submitted.entry()));
                intake.accept(
                        from,
                        header,
                        submitted.entry(),
                        () -> context.writeAndFlush(new LinkMessage.Broken(header.life(), header.stream())));
            } else if (message instanceof LinkMessage.Touched touched) {
                if (touched.term() == intake.term()) {
                    listener.onTouched(touched.term(), from, touched.sessions());
                }
            } else {
                LOG.warn("{} sent {}, which members do not send to a leader", context.channel(), message.getClass());
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            learners.onClosed(context.channel());
            super.channelInactive(context);
        }

        private void onHello(ChannelHandlerContext context, LinkMessage.Hello hello) throws IOException {
            if (!hello.ensemble().equals(ensemble)) {
                LOG.warn(
                        "Whoever connects from {} is not let in: as member {} of {} it is none of this ensemble, {}",
                        context.channel().remoteAddress(),
                        hello.from(),
                        hello.ensemble(),
                        settings.ensemble());
                context.close();
            } else if (!known.isKnown(hello.from())) {
                LOG.debug("{} is member {}, which there is not", context.channel(), hello.from());
                turnAway(context.channel());
            } else {
                from = hello.from();
                learners.onConnected(context.channel(), from, node.commitIndex());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            onLinkFailure(context, cause);
        }
    }

    /** This member's connection to whom it takes for the leader. */
    private final class LeaderHandler extends SimpleChannelInboundHandler<LinkMessage> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.write(new LinkMessage.Hello(ensemble, settings.id()));
            context.writeAndFlush(new LinkMessage.Ping(System.nanoTime()));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, LinkMessage message) {
            if (!context.channel().equals(link)) {
                return;
            }
            if (message instanceof LinkMessage.Pong pong) {
                onPong(pong);
            } else if (message instanceof LinkMessage.Broken broken) {
                listener.onBroken(broken.life(), broken.stream());
            } else if (message instanceof LinkMessage.NotMember notMember) {
                onNotMember(notMember);
            } else {
                LOG.warn("{} sent {}, which leaders do not send", context.channel(), message.getClass());
                context.close();
            }
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext context) {
            onLinkClosed(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            onLinkFailure(context, cause);
        }
    }

    private void onLinkFailure(ChannelHandlerContext context, Throwable cause) {
        if (cause.getCause() instanceof SSLException refused) {
            // They come again with each attempt.
            if (System.nanoTime() - nextTlsLineNanos >= 0) {
                nextTlsLineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                LOG.warn("{} is closed, TLS with it failed: {}", context.channel(), refused.getMessage());
            }
        } else if (cause instanceof IOException) {
            LOG.debug("{} broke", context.channel(), cause);
        } else {
            LOG.warn("{} is closed", context.channel(), cause);
        }
        context.close();
    }
}
