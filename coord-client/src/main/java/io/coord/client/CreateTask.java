package io.coord.client;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.ServerErrors;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One create with all that may follow: parents, the search for a protected node after a lost answer, the write into a node
 * that is there. Made by the caller, owned by the network thread from its first answer on; every request carries the one
 * deadline of the call.
 */
final class CreateTask {
    /** How often parents are made anew: containers may vanish between two requests, but not for ever. */
    private static final int MAX_PARENT_ROUNDS = 10;

    static final String PROTECTION_PREFIX = "_c_";

    private final CreateBuilder builder;
    private final String path;
    private final byte @Nullable [] data;
    private final Result<String> result;
    private final long startNs = System.nanoTime();
    private final String serverParent;
    private final String requestedPath;
    private final Request request;
    private int parentRounds;
    private @Nullable CoordException parentRefusal;
    /** A create was sent whose answer was lost. */
    private boolean mayExist;
    /** It was sent more than once, and an earlier sending may have been done. */
    private boolean mayBeDone;

    CreateTask(CreateBuilder builder, String path, byte @Nullable [] data, Result<String> result) {
        this.builder = builder;
        this.path = path;
        this.data = data;
        this.result = result;
        ZnodeKind kind = builder.kind();
        String plain = kind.isSequential()
                ? builder.paths().toServerSequential(path)
                : builder.paths().toServer(path);
        this.serverParent = ZnodePath.parent(plain);
        UUID protection = builder.protection;
        this.requestedPath = protection == null
                ? plain
                : ZnodePath.child(serverParent, protectedPrefix(protection) + ZnodePath.name(plain));
        List<Acl> acl = builder.acl == null ? builder.client.aclFor(requestedPath) : builder.acl;
        this.request =
                kind.request(builder.statHolder == null ? OpCode.CREATE : OpCode.CREATE2, requestedPath, data, acl);
    }

    static String protectedPrefix(UUID protection) {
        return PROTECTION_PREFIX + protection + '-';
    }

    void start() {
        builder.loop().submit(new CreateCall());
    }

    private final class CreateCall extends Call {
        CreateCall() {
            super(
                    builder.operation,
                    path,
                    request,
                    builder.idempotent && builder.protection == null ? Repeat.IDEMPOTENT : Repeat.WRITE,
                    startNs,
                    startNs + builder.timeoutNs());
        }

        @Override
        protected boolean beforeWrite() {
            return result.beforeWrite();
        }

        @Override
        protected void onResponse(Response response, long zxid) {
            if (response instanceof Create2Response created) {
                succeed(created.path(), created.stat());
            } else {
                succeed(((CreateResponse) response).path(), null);
            }
        }

        @Override
        protected void onError(int code) {
            if (code == ErrorCode.NO_NODE.code() && mayCreateParents()) {
                createParents();
            } else if (code == ErrorCode.NODE_EXISTS.code() && builder.orSetData) {
                setData();
            } else if (code == ErrorCode.NODE_EXISTS.code() && builder.idempotent) {
                mayBeDone |= wasRepeated();
                compare();
            } else if (code == ErrorCode.NODE_EXISTS.code() && mayExist) {
                search();
            } else {
                CoordException refusal = parentRefusal;
                onFailure(
                        refusal != null && code == ErrorCode.NO_NODE.code()
                                ? refusal
                                : ServerErrors.of(code, builder.operation, path));
            }
        }

        @Override
        protected void onFailure(CoordException failure) {
            if (failure instanceof OutcomeUnknown && builder.protection != null) {
                mayExist = true;
                if (failure instanceof ConnectionLossException && builder.loop().isTakingFollowUps()) {
                    search();
                    return;
                }
            }
            fail(failure);
        }
    }

    private void succeed(String serverPath, @Nullable Stat stat) {
        StatHolder holder = builder.statHolder;
        if (holder != null && stat != null) {
            holder.set(stat);
        }
        boolean isTaken = result.succeed(builder.paths().toClient(serverPath));
        if (!isTaken && builder.protection != null) {
            // The caller was interrupted and does not know the name: nobody else could ever remove it.
            DeleteTask.startInBackground(builder.client, serverPath);
        }
    }

    /** Ends the call; whatever a protected create may have left behind is removed later. */
    private void fail(CoordException failure) {
        UUID protection = builder.protection;
        if (!mayExist || protection == null) {
            boolean known = !mayBeDone || failure instanceof OutcomeUnknown || failure instanceof NodeExistsException;
            result.fail(known ? failure : new ConnectionLossException(builder.operation, path));
            return;
        }
        new ProtectedNodeCleanup(builder.client, serverParent, protectedPrefix(protection)).start();
        result.fail(failure instanceof OutcomeUnknown ? failure : new ConnectionLossException(builder.operation, path));
    }

    private boolean mayCreateParents() {
        if (serverParent.length() == 1 || parentRounds == MAX_PARENT_ROUNDS) {
            return false;
        }
        return builder.creatingParents || isNamespaceRoot(serverParent);
    }

    private boolean isNamespaceRoot(String serverPath) {
        return !builder.paths().namespace().isEmpty()
                && serverPath.equals(builder.paths().prefix());
    }

    private void createParents() {
        parentRounds++;
        boolean asContainers = builder.asContainers || !builder.creatingParents;
        new ParentCreation(builder, path, serverParent, asContainers, builder.parentAcl(), startNs, result)
                .start(refusal -> {
                    parentRefusal = refusal;
                    if (refusal instanceof NoNodeException) {
                        parentRounds = MAX_PARENT_ROUNDS;
                    }
                    start();
                });
    }

    private void setData() {
        submitFollowUp(
                new SetDataRequest(requestedPath, data, builder.orSetDataVersion),
                builder.idempotent ? Repeat.IDEMPOTENT : Repeat.WRITE,
                response -> succeed(requestedPath, ((StatResponse) response).stat()));
    }

    /** An idempotent create found a node: is it the work of an earlier sending? */
    private void compare() {
        submitFollowUp(new GetDataRequest(requestedPath, false), Repeat.READ, response -> {
            GetDataResponse found = (GetDataResponse) response;
            boolean foreign = builder.mode.isEphemeral()
                    && found.stat().ephemeralOwner() != builder.loop().lease().sessionId();
            if (!foreign
                    && found.stat().version() == 0
                    && Arrays.equals(GetDataBuilder.data(found), data == null ? CreateBuilder.EMPTY : data)) {
                succeed(requestedPath, found.stat());
            } else if (mayBeDone && !foreign && found.stat().version() > 0) {
                // Ours may be the one that was written over.
                fail(new ConnectionLossException(builder.operation, path));
            } else {
                fail(ServerErrors.of(ErrorCode.NODE_EXISTS.code(), builder.operation, path));
            }
        });
    }

    /** A protected create lost its answer: look for the node before creating it anew. */
    private void search() {
        UUID protection = builder.protection;
        if (protection == null) {
            throw new IllegalStateException("search for a node that is not protected");
        }
        long deadline = startNs + builder.timeoutNs();
        new ProtectedNodeSearch(builder.loop(), path, serverParent, protectedPrefix(protection), startNs, deadline) {
            @Override
            void onFound(String serverPath, Stat stat) {
                boolean ours = stat.ephemeralOwner() == 0
                        || stat.ephemeralOwner() == builder.loop().lease().sessionId();
                if (ours) {
                    succeed(serverPath, stat);
                } else {
                    // It belongs to a session that is over; it must not stand before the new one.
                    DeleteTask.startInBackground(builder.client, serverPath);
                    CreateTask.this.start();
                }
            }

            @Override
            void onMissing() {
                mayExist = false;
                CreateTask.this.start();
            }

            @Override
            void onFailure(CoordException failure) {
                fail(failure);
            }
        }.start();
    }

    private interface FollowUp {
        void onResponse(Response response);
    }

    private void submitFollowUp(Request next, Repeat repeat, FollowUp then) {
        builder.loop().submit(new Call(builder.operation, path, next, repeat, startNs, startNs + builder.timeoutNs()) {
            @Override
            protected boolean beforeWrite() {
                return repeat == Repeat.READ || result.beforeWrite();
            }

            @Override
            protected void onResponse(Response response, long zxid) {
                then.onResponse(response);
            }

            @Override
            protected void onError(int code) {
                if (code == ErrorCode.NO_NODE.code()) {
                    // Gone in between: it can be created after all.
                    CreateTask.this.start();
                } else {
                    onFailure(ServerErrors.of(code, builder.operation, path));
                }
            }

            @Override
            protected void onFailure(CoordException failure) {
                fail(failure);
            }
        });
    }
}
