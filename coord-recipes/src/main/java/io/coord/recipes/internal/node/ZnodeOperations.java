package io.coord.recipes.internal.node;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.TransactionOp;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.TooManyRequestsException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.error.UnreadableDataException;
import io.coord.client.session.SerialExecutor;
import io.coord.protocol.data.CreateMode;
import io.coord.recipes.internal.call.Callers;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does with a client what {@link KeptNodeCore} asks for. The znode's queue owns it. */
final class ZnodeOperations implements KeptNodeCore.Port {
    /** What a stat names as a container's owner. */
    private static final long CONTAINER = Long.MIN_VALUE;

    /** The first byte of what a stat names as the owner of a znode with a time to live. */
    private static final long TTL = 0xFF;

    /** Told besides the core. */
    interface Feedback {
        /** @param passing whether it is of the kind that an outage brings */
        void failed(RuntimeException cause, boolean passing);

        void pause(int failures, long ticket);

        void stateChanged(KeptNode.State state);
    }

    private final CoordClient client;
    private final SerialExecutor queue;
    private final String path;
    private final CreateMode mode;
    private final Feedback feedback;
    private byte[] data;
    private @Nullable KeptNodeCore core;

    ZnodeOperations(
            CoordClient client, SerialExecutor queue, String path, CreateMode mode, byte[] data, Feedback feedback) {
        this.client = client;
        this.queue = queue;
        this.path = path;
        this.mode = mode;
        this.data = data;
        this.feedback = feedback;
    }

    void answerTo(KeptNodeCore asker) {
        this.core = asker;
    }

    void data(byte[] newer) {
        this.data = newer;
    }

    private KeptNodeCore core() {
        return Objects.requireNonNull(core);
    }

    @Override
    public long session() {
        return client.sessionId();
    }

    @Override
    public void create() {
        StatHolder stat = new StatHolder();
        on(
                client.create()
                        .creatingParentContainersIfNeeded()
                        .withMode(mode)
                        .storingStatIn(stat)
                        .completingOn(queue)
                        .forPathAsync(path, data),
                created -> core().created(sessionOf(stat.get().ephemeralOwner())),
                cause -> {
                    if (cause instanceof NodeExistsException) {
                        core().alreadyThere();
                    } else {
                        failed(cause);
                    }
                });
    }

    /** The session among what a stat calls the owner. */
    private long sessionOf(long owner) {
        boolean isMark = owner == CONTAINER || owner >>> 56 == TTL;
        return isMark && owner != client.sessionId() ? 0 : owner;
    }

    @Override
    public void read() {
        StatHolder stat = new StatHolder();
        on(
                client.getData().storingStatIn(stat).completingOn(queue).forPathAsync(path),
                read -> core().found(new KeptNodeCore.Found(
                        sessionOf(stat.get().ephemeralOwner()), stat.get().version(), Arrays.equals(read, data))),
                cause -> {
                    if (cause instanceof UnreadableDataException) {
                        // Of somebody who does not compress; the stat came along.
                        core().found(new KeptNodeCore.Found(
                                sessionOf(stat.get().ephemeralOwner()),
                                stat.get().version(),
                                false));
                    } else {
                        notFoundOrFailed(cause);
                    }
                });
    }

    @Override
    public void write(int version) {
        on(
                client.setData().withVersion(version).completingOn(queue).forPathAsync(path, data),
                stat -> core().written(sessionOf(stat.ephemeralOwner())),
                cause -> {
                    if (cause instanceof BadVersionException) {
                        core().changedMeanwhile();
                    } else {
                        notFoundOrFailed(cause);
                    }
                });
    }

    private void notFoundOrFailed(RuntimeException cause) {
        if (cause instanceof NoNodeException) {
            core().nothingThere();
        } else {
            failed(cause);
        }
    }

    @Override
    public void replace(int version) {
        TransactionOp delete =
                client.transactionOp().delete().withVersion(version).forPath(path);
        TransactionOp create = client.transactionOp().create().withMode(mode).forPath(path, data);
        long session = client.sessionId();
        on(
                client.transaction().completingOn(queue).forOperationsAsync(delete, create),
                // It ran in this session unless that changed meanwhile; then the core looks again.
                results -> core().created(mode.isEphemeral() ? session : 0),
                cause -> {
                    if (cause instanceof TransactionFailedException refused
                            && (refused.failure() instanceof NoNodeException
                                    || refused.failure() instanceof BadVersionException
                                    || refused.failure() instanceof NodeExistsException)) {
                        core().changedMeanwhile();
                    } else {
                        failed(cause);
                    }
                });
    }

    @Override
    public void delete(int version) {
        on(
                client.delete().withVersion(version).completingOn(queue).forPathAsync(path),
                deleted -> core().deleted(),
                cause -> {
                    if (cause instanceof NoNodeException) {
                        core().deleted();
                    } else if (cause instanceof BadVersionException) {
                        core().changedMeanwhile();
                    } else {
                        failed(cause);
                    }
                });
    }

    private void failed(RuntimeException cause) {
        boolean passing = cause instanceof OutcomeUnknown
                || cause instanceof RequestTimeoutException
                || cause instanceof SessionLostException
                || cause instanceof TooManyRequestsException;
        feedback.failed(cause, passing);
        core().failed();
    }

    @Override
    public void pause(int failures, long ticket) {
        feedback.pause(failures, ticket);
    }

    @Override
    public void stateChanged(KeptNode.State state) {
        feedback.stateChanged(state);
    }

    private static <R extends @Nullable Object> void on(
            CompletionStage<R> stage, Consumer<R> success, Consumer<RuntimeException> failure) {
        stage.whenComplete((result, thrown) -> {
            if (thrown == null) {
                success.accept(result);
            } else {
                failure.accept(Callers.asUnchecked(thrown));
            }
        });
    }
}
