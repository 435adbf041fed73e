package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.PartlyDeletedException;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.ServerErrors;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One delete with all that may follow: the branch below it, and its continuation in the background. A branch is listed
 * level by level and deleted from its leaves up, each level with all its requests on the way at once. Owned by the network
 * thread from the first answer on.
 */
final class DeleteTask {
    private final DeleteBuilder builder;
    private final String path;
    private final String serverPath;
    private final Result<@Nullable Void> result;
    private final BackgroundRetry retry;
    private final boolean inBackground;
    private final long startNs = System.nanoTime();
    private final List<List<String>> levels = new ArrayList<>();
    private int outstanding;
    /** Something below the znode was deleted, or may have been. */
    private boolean begun;

    private @Nullable CoordException levelFailure;
    private boolean over;

    DeleteTask(DeleteBuilder builder, String path, String serverPath, Result<@Nullable Void> result) {
        this(builder, path, serverPath, result, new BackgroundRetry(builder.client), false);
    }

    private DeleteTask(
            DeleteBuilder builder,
            String path,
            String serverPath,
            Result<@Nullable Void> result,
            BackgroundRetry retry,
            boolean inBackground) {
        this.builder = builder;
        this.path = path;
        this.serverPath = serverPath;
        this.result = result;
        this.retry = retry;
        this.inBackground = inBackground;
    }

    /** Deletes a znode without a deadline, over connections and sessions, until it is gone or the client is closed. */
    static void startInBackground(CoordClient client, String serverPath) {
        DeleteBuilder builder = new DeleteBuilder(client).quietly().guaranteed();
        new DeleteTask(
                        builder,
                        serverPath,
                        serverPath,
                        new BackgroundResult(serverPath),
                        new BackgroundRetry(client),
                        true)
                .start();
    }

    void start() {
        boolean repeating = builder.guaranteed || builder.idempotent;
        submit(new Step(new DeleteRequest(serverPath, builder.version), repeating ? Repeat.IDEMPOTENT : Repeat.WRITE) {
            @Override
            protected void onResponse(Response response, long zxid) {
                end(null);
            }

            @Override
            protected void onError(int code) {
                if (code == ErrorCode.NOT_EMPTY.code() && builder.deletingChildren) {
                    listBranch();
                } else if (code == ErrorCode.NO_NODE.code() && (builder.quietly || wasRepeated())) {
                    end(null);
                } else {
                    super.onError(code);
                }
            }
        });
    }

    private void listBranch() {
        levels.clear();
        levels.add(List.of(serverPath));
        listLevel();
    }

    private void listLevel() {
        List<String> parents = levels.get(levels.size() - 1);
        List<String> children = new ArrayList<>();
        outstanding = parents.size();
        for (String parent : parents) {
            submit(new Step(new GetChildrenRequest(OpCode.GET_CHILDREN, parent, false), Repeat.READ) {
                @Override
                protected void onResponse(Response response, long zxid) {
                    for (String name : ((GetChildrenResponse) response).children()) {
                        children.add(ZnodePath.child(parent, name));
                    }
                    onListed(children);
                }

                @Override
                protected void onError(int code) {
                    if (code == ErrorCode.NO_NODE.code()) {
                        onListed(children);
                    } else {
                        super.onError(code);
                    }
                }
            });
        }
    }

    private void onListed(List<String> children) {
        if (--outstanding > 0) {
            return;
        }
        if (children.isEmpty()) {
            deleteLevel();
        } else {
            levels.add(children);
            listLevel();
        }
    }

    private void deleteLevel() {
        List<String> leaves = levels.remove(levels.size() - 1);
        if (levels.isEmpty()) {
            // Only the znode itself is left. If someone created a child meanwhile, the whole begins again.
            start();
            return;
        }
        outstanding = leaves.size();
        for (String leaf : leaves) {
            submit(new Step(new DeleteRequest(leaf, -1), Repeat.IDEMPOTENT) {
                @Override
                protected void onResponse(Response response, long zxid) {
                    begun = true;
                    onDeleted(null);
                }

                @Override
                protected void onError(int code) {
                    if (code == ErrorCode.NO_NODE.code() || code == ErrorCode.NOT_EMPTY.code()) {
                        begun |= wasRepeated();
                        onDeleted(null);
                    } else {
                        super.onError(code);
                    }
                }

                @Override
                protected void onFailure(CoordException failure) {
                    begun |= failure instanceof OutcomeUnknown;
                    onDeleted(failure);
                }
            });
        }
    }

    /** Only when all of a level have an outcome it is known whether anything is gone. */
    private void onDeleted(@Nullable CoordException failure) {
        if (levelFailure == null) {
            levelFailure = failure;
        }
        if (--outstanding > 0) {
            return;
        }
        if (levelFailure == null) {
            deleteLevel();
        } else {
            end(levelFailure);
        }
    }

    private void submit(Call call) {
        if (!over) {
            builder.loop().submit(inBackground ? call.inBackground() : call);
        }
    }

    private void end(@Nullable CoordException failure) {
        if (over) {
            return;
        }
        over = true;
        if (failure == null) {
            result.succeed(null);
            return;
        }
        if (builder.guaranteed && retry.again(failure, this::goOnInBackground) && inBackground) {
            return;
        }
        result.fail(begun ? new PartlyDeletedException(builder.operation, path, failure) : failure);
    }

    private void goOnInBackground() {
        builder.quietly();
        new DeleteTask(builder, path, serverPath, new BackgroundResult(serverPath), retry, true).start();
    }

    private abstract class Step extends Call {
        private final boolean isWrite;

        Step(Request request, Repeat repeat) {
            super(builder.operation, path, request, repeat, startNs, deadline());
            this.isWrite = repeat != Repeat.READ;
        }

        @Override
        protected boolean beforeWrite() {
            return !isWrite || result.beforeWrite();
        }

        @Override
        protected void onError(int code) {
            onFailure(ServerErrors.of(code, builder.operation, path));
        }

        @Override
        protected void onFailure(CoordException failure) {
            end(failure);
        }
    }

    private long deadline() {
        return inBackground ? Long.MAX_VALUE : startNs + builder.timeoutNs();
    }

    private record BackgroundResult(String serverPath) implements Result<@Nullable Void> {
        private static final Logger log = LoggerFactory.getLogger(DeleteTask.class);

        @Override
        public boolean succeed(@Nullable Void value) {
            log.debug("Deleted {} in the background", serverPath);
            return true;
        }

        @Override
        public void fail(CoordException failure) {
            log.warn("Gave up deleting {} in the background: {}", serverPath, failure.getMessage());
        }
    }
}
