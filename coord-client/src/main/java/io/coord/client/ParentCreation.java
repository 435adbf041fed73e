package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.ServerErrors;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates a path's ancestors below the chroot, all requests at once: the server works them off in order, so the whole costs
 * one round trip. Owned by the network thread once started.
 */
final class ParentCreation {
    private final Operation<?> builder;
    private final String path;
    private final String serverParent;
    private final CreateMode mode;
    private final @Nullable List<Acl> acl;
    private final long startNs;
    private final Result<?> result;
    private int outstanding;
    private boolean failed;
    private @Nullable CoordException refusal;

    /**
     * @param serverParent the deepest znode to create
     * @param acl null for what the client's {@link AclProvider} says
     */
    ParentCreation(
            Operation<?> builder,
            String path,
            String serverParent,
            boolean asContainers,
            @Nullable List<Acl> acl,
            long startNs,
            Result<?> result) {
        this.builder = builder;
        this.path = path;
        this.serverParent = serverParent;
        this.mode = asContainers ? CreateMode.CONTAINER : CreateMode.PERSISTENT;
        this.acl = acl;
        this.startNs = startNs;
        this.result = result;
    }

    /**
     * @param then called on the network thread when all are there, with null; or with the last refusal of the server:
     *     NoAuth may hide that the znode is there, so only the operation itself can tell whether that matters
     */
    void start(Consumer<@Nullable CoordException> then) {
        List<String> missing = new ArrayList<>();
        int chroot = builder.paths().chroot().length();
        for (String each = serverParent; each.length() > 1 && each.length() > chroot; each = ZnodePath.parent(each)) {
            missing.add(0, each);
        }
        if (missing.isEmpty()) {
            then.accept(null);
            return;
        }
        outstanding = missing.size();
        for (String each : missing) {
            builder.loop().submit(new ParentCall(each, then));
        }
    }

    private void onAnswered(Consumer<@Nullable CoordException> then) {
        if (--outstanding == 0 && !failed) {
            then.accept(refusal);
        }
    }

    private final class ParentCall extends Call {
        private final Consumer<@Nullable CoordException> then;

        ParentCall(String serverPath, Consumer<@Nullable CoordException> then) {
            super(
                    builder.operation,
                    path,
                    new CreateRequest(
                            mode == CreateMode.CONTAINER ? OpCode.CREATE_CONTAINER : OpCode.CREATE,
                            serverPath,
                            CreateBuilder.EMPTY,
                            acl == null ? builder.client.aclFor(serverPath) : acl,
                            mode.flag()),
                    Repeat.IDEMPOTENT,
                    startNs,
                    startNs + builder.timeoutNs());
            this.then = then;
        }

        @Override
        protected boolean beforeWrite() {
            return result.beforeWrite();
        }

        @Override
        protected void onResponse(Response response, long zxid) {
            onAnswered(then);
        }

        @Override
        protected void onError(int code) {
            if (code != ErrorCode.NODE_EXISTS.code()) {
                refusal = refusal(code);
            }
            onAnswered(then);
        }

        @Override
        protected void onFailure(CoordException failure) {
            if (!failed) {
                failed = true;
                result.fail(
                        failure instanceof RequestTimeoutException
                                ? new RequestTimeoutException(
                                        builder.operation, path, "timed out while its parents were created")
                                : failure);
            }
        }
    }

    private CoordException refusal(int code) {
        return ServerErrors.of(code, builder.operation, serverParent);
    }
}
