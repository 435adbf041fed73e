package io.coord.client;

import io.coord.client.internal.callback.NonBlocking;
import io.coord.client.internal.session.SessionLoop;
import io.coord.client.internal.session.SessionSettings;
import io.coord.client.internal.watch.PathMapping;
import io.coord.client.session.ConnectionStateErrorPolicy;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionLease;
import io.coord.client.session.SessionListener;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AuthPacket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Coord or Apache ZooKeeper server: one session, kept over reconnects; when it is lost a new one is made.
 *
 * <p>Each operation has a builder with two endings: {@code forPath(…)} waits, {@code forPathAsync(…)} gives a stage. Stages
 * complete on callback threads of the client, where blocking calls are refused, and so is {@code join} or {@code get} of a
 * stage that is not complete, or of one derived from it ({@code CompletableFuture.allOf} makes futures that do not refuse).
 * Whatever else blocks there holds up all stages that have no queue of their own. Calls may be made before there is a
 * connection: they wait for one, within their deadline. Failures are {@link io.coord.client.error.CoordException}s.
 *
 * <p>Thread-safe: it holds no mutable state of its own.
 *
 * <pre>{@code
 * try (CoordClient client = CoordClient.builder().connectString("zk-1:2181,zk-2:2181/shop").build().start()) {
 *     client.create().creatingParentsIfNeeded().forPath("/config/greeting", "hello".getBytes(StandardCharsets.UTF_8));
 *     byte[] greeting = client.getData().forPath("/config/greeting");
 *     client.getChildren().forPathAsync("/config").thenAccept(names -> use(names, greeting));
 * }
 * }</pre>
 */
public final class CoordClient implements AutoCloseable {
    private final SessionLoop loop;
    private final PathMapping paths;
    private final AclProvider aclProvider;
    private final Compression compression;
    private final ConnectionStateErrorPolicy errorPolicy;
    private final long requestTimeoutNs;
    private final boolean isView;

    CoordClient(CoordClientBuilder settings, ConnectString servers) {
        this.paths = PathMapping.of(servers.chroot(), settings.namespace);
        this.aclProvider = settings.aclProvider;
        this.compression = new Compression(settings.compressionProvider, settings.compressing);
        this.errorPolicy = settings.connectionStateErrorPolicy;
        this.requestTimeoutNs = settings.requestTimeout.toNanos();
        this.isView = false;
        List<AuthPacket> credentials = settings.credentials.stream()
                .map(each -> new AuthPacket(0, each.scheme(), each.auth()))
                .toList();
        SessionSettings session = new SessionSettings(
                servers.servers(),
                (int) settings.sessionTimeout.toMillis(),
                settings.connectTimeout.toNanos(),
                requestTimeoutNs,
                credentials,
                settings.reconnectBackoff,
                settings.maxPendingRequests,
                settings.maxResponseBytes,
                settings.readOnly,
                settings.sasl);
        ClientThreads shared = settings.threads;
        this.loop = new SessionLoop(
                session, settings.secured(), settings.metrics, shared == null ? null : shared.threads());
        if (settings.trackingEnsemble) {
            new EnsembleTracker(this).start();
        }
    }

    private CoordClient(CoordClient whole, PathMapping paths) {
        this.loop = whole.loop;
        this.paths = paths;
        this.aclProvider = whole.aclProvider;
        this.compression = whole.compression;
        this.errorPolicy = whole.errorPolicy;
        this.requestTimeoutNs = whole.requestTimeoutNs;
        this.isView = true;
    }

    public static CoordClientBuilder builder() {
        return new CoordClientBuilder();
    }

    /**
     * Starts to connect, without waiting for it. See {@link #blockUntilConnected(Duration)}.
     *
     * @return this client
     * @throws IllegalStateException when it was started or closed before
     */
    public CoordClient start() {
        loop.start();
        return this;
    }

    /**
     * Closes the client as {@link #close(Duration)} with 2 seconds, but without waiting for servers that cannot be reached:
     * when each was tried once since, pending calls fail.
     */
    @Override
    public void close() {
        if (!isView) {
            loop.close();
        }
    }

    /**
     * Closes the client in good order and waits until it is closed.
     *
     * <ol>
     *   <li>New calls are refused with {@link io.coord.client.error.ClientClosedException}, at once and from anywhere.
     *   <li>Calls that were submitted before get up to {@code drain} to finish, with all their steps, retries and
     *       reconnects; deletes that go on in the background too. It is over as soon as none is left.
     *   <li>The session is closed, and its ephemeral znodes vanish; the server gets up to 2 seconds to confirm. Without a
     *       connection each server is tried once within them; if none answers, the session ends by its time-out.
     *   <li>What is still pending fails: a write that was sent with {@link
     *       io.coord.client.error.ConnectionLossException}, everything else with {@code ClientClosedException}. The last
     *       event that listeners hear is {@code CLOSED}.
     * </ol>
     *
     * <p>When it returns all calls have their outcome; stages and listeners are told of it on callback threads, perhaps a
     * moment later.
     *
     * <p>Idempotent, in any state; the first close sets the bound, later ones wait for it. When interrupted it returns
     * with the thread's interrupt flag set, and the closing goes on. On a thread of a client it does not wait, since what
     * it would wait for may wait behind it: see {@link #closeAsync}. A view made by {@link #usingNamespace} closes
     * nothing. Threads that were {@linkplain CoordClientBuilder#threads given} stay.
     *
     * @param drain zero or more
     */
    public void close(Duration drain) {
        if (!isView) {
            loop.close(drainNs(drain));
        }
    }

    /** As {@link #close(Duration)} without waiting, from any thread; the stage completes when the client is closed. */
    public CompletionStage<@Nullable Void> closeAsync(Duration drain) {
        return isView ? CompletableFuture.completedFuture(null) : loop.closeAsync(drainNs(drain));
    }

    private static long drainNs(Duration drain) {
        if (drain.isNegative()) {
            throw new IllegalArgumentException("a bound must not be negative: " + drain);
        }
        return Operation.boundedNanos(drain);
    }

    /**
     * Presents one more identity, as {@link CoordClientBuilder#authorization} does from the start: on the present connection
     * and on each one to come. Calls that are made afterwards have it. It does not wait; when the server refuses it, calls
     * that are pending or follow fail with {@link io.coord.client.error.AuthFailedException}, and as the identity stays with this
     * client, another client is needed then.
     *
     * @throws IllegalStateException when the client is not started, or closed
     */
    public void addAuthorization(String scheme, byte[] auth) {
        loop.addCredential(new AuthPacket(0, scheme, auth.clone()));
    }

    /** Creates a znode. */
    public CreateBuilder create() {
        return new CreateBuilder(this);
    }

    /** Deletes a znode. */
    public DeleteBuilder delete() {
        return new DeleteBuilder(this);
    }

    /** Asks whether a znode is there. */
    public ExistsBuilder checkExists() {
        return new ExistsBuilder(this);
    }

    /** Reads a znode's data. */
    public GetDataBuilder getData() {
        return new GetDataBuilder(this);
    }

    /** Replaces a znode's data. */
    public SetDataBuilder setData() {
        return new SetDataBuilder(this);
    }

    /** Reads the names of a znode's children. */
    public GetChildrenBuilder getChildren() {
        return new GetChildrenBuilder(this);
    }

    /** Reads a znode's ACL. */
    public GetAclBuilder getACL() {
        return new GetAclBuilder(this);
    }

    /** Replaces a znode's ACL. */
    public SetAclBuilder setACL() {
        return new SetAclBuilder(this);
    }

    /** Reads many znodes in one request. */
    public MultiReadBuilder multiRead() {
        return new MultiReadBuilder(this);
    }

    /** Counts the znodes below one, at any depth. */
    public GetAllChildrenNumberBuilder getAllChildrenNumber() {
        return new GetAllChildrenNumberBuilder(this);
    }

    /** Lists the ephemeral znodes of this client's session. */
    public GetEphemeralsBuilder getEphemerals() {
        return new GetEphemeralsBuilder(this);
    }

    /** Asks the server as whom it sees this client. */
    public WhoAmIBuilder whoAmI() {
        return new WhoAmIBuilder(this);
    }

    /** Reads which servers make up the ensemble. */
    public GetConfigBuilder getConfig() {
        return new GetConfigBuilder(this);
    }

    /** Changes which servers make up the ensemble. */
    public ReconfigBuilder reconfig() {
        return new ReconfigBuilder(this);
    }

    /** Makes the server catch up before the reads that follow. */
    public SyncBuilder sync() {
        return new SyncBuilder(this);
    }

    /** Runs several operations as one. */
    public TransactionBuilder transaction() {
        return new TransactionBuilder(this);
    }

    /** Makes operations for {@link #transaction()}. */
    public TransactionOps transactionOp() {
        return new TransactionOps(this);
    }

    /** Sets and removes watches. */
    public WatcherOps watchers() {
        return new WatcherOps(this);
    }

    /**
     * A view of this client whose paths lie below a namespace (instead of this client's own namespace). It shares the
     * session; closing it does nothing.
     *
     * @param namespace a path without slashes at its ends; empty for none
     */
    public CoordClient usingNamespace(String namespace) {
        return new CoordClient(this, PathMapping.of(paths.chroot(), namespace));
    }

    /** The namespace, empty for none. */
    public String namespace() {
        return paths.namespace();
    }

    /**
     * Waits for a connection with a session.
     *
     * @return whether there is one
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean blockUntilConnected(Duration timeout) {
        NonBlocking.refuseOnClientThread("blockUntilConnected");
        return loop.awaitConnected(Operation.boundedNanos(timeout));
    }

    public SessionState state() {
        return loop.state();
    }

    /** The id of the current session, or of the last one; 0 when there never was one. */
    public long sessionId() {
        return loop.lease().sessionId();
    }

    /** The current session, or the last one: an object that keeps standing for that session. */
    public SessionLease lease() {
        return loop.lease();
    }

    /** Tells a listener of changes of the session from now on, on callback threads. */
    public Registration addSessionListener(SessionListener listener) {
        return loop.addListener(listener, loop.newCallbackQueue());
    }

    /** As {@link #addSessionListener(SessionListener)}, on a queue of {@link #serialExecutor()}. */
    public Registration addSessionListener(SessionListener listener, SerialExecutor queue) {
        return loop.addListener(listener, queue);
    }

    /**
     * A new queue that runs tasks serially on the network thread. Watchers, session listeners and stages can be told on it,
     * so that an object can own its state by such a queue, without locks. Tasks must be short and never block: nothing is
     * sent or received meanwhile, not even what keeps the session alive.
     */
    public SerialExecutor serialExecutor() {
        return loop.newSerialExecutor();
    }

    /**
     * A new queue that runs tasks serially on callback threads. For code of users, which a recipe's own state must not
     * wait for.
     */
    public SerialExecutor callbackExecutor() {
        return loop.newCallbackQueue();
    }

    /** Which states of the session recipes treat as an error. */
    public ConnectionStateErrorPolicy connectionStateErrorPolicy() {
        return errorPolicy;
    }

    /** The deadline of a call that names none of its own. */
    public Duration requestTimeout() {
        return Duration.ofNanos(requestTimeoutNs);
    }

    /** Whether the calling thread is one of a client's, on which blocking calls are refused. */
    public static boolean isClientThread() {
        return Thread.currentThread() instanceof NonBlocking;
    }

    /**
     * Refuses a blocking call on a thread of a client, as the blocking endings of this client do.
     *
     * @param operation named in the message
     * @throws IllegalStateException naming the call and the thread; nothing was done
     */
    public static void refuseOnClientThread(String operation) {
        NonBlocking.refuseOnClientThread(operation);
    }

    /** How many requests wait for an answer or a connection. */
    public int pendingRequests() {
        return loop.pendingCalls();
    }

    /** How many watches the client holds. */
    public int watchCount() {
        return loop.watchCount();
    }

    SessionLoop loop() {
        return loop;
    }

    PathMapping paths() {
        return paths;
    }

    long requestTimeoutNs() {
        return requestTimeoutNs;
    }

    Compression compression() {
        return compression;
    }

    List<Acl> aclFor(String serverPath) {
        return aclProvider.aclFor(serverPath);
    }
}
