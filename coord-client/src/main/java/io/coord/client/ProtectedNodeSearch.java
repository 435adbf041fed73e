package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.ServerErrors;
import io.coord.client.internal.session.SessionLoop;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import java.util.function.Consumer;

/**
 * Looks for a protected node among the children of its parent. A sync goes first, so that the server answers with every
 * write that was acknowledged to the connection before. Exactly one of the three {@code on…} methods is called, on the
 * network thread.
 */
abstract class ProtectedNodeSearch {
    private final SessionLoop loop;
    private final String path;
    private final String serverParent;
    private final String prefix;
    private final long startNs;
    private final long deadlineNs;

    ProtectedNodeSearch(
            SessionLoop loop, String path, String serverParent, String prefix, long startNs, long deadlineNs) {
        this.loop = loop;
        this.path = path;
        this.serverParent = serverParent;
        this.prefix = prefix;
        this.startNs = startNs;
        this.deadlineNs = deadlineNs;
    }

    abstract void onFound(String serverPath, Stat stat);

    abstract void onMissing();

    abstract void onFailure(CoordException failure);

    final void start() {
        submit(new SyncRequest(serverParent), synced -> list());
    }

    private void list() {
        submit(new GetChildrenRequest(OpCode.GET_CHILDREN, serverParent, false), response -> {
            for (String name : ((GetChildrenResponse) response).children()) {
                if (name.startsWith(prefix)) {
                    look(ZnodePath.child(serverParent, name));
                    return;
                }
            }
            onMissing();
        });
    }

    private void look(String serverPath) {
        submit(new ExistsRequest(serverPath, false), response -> onFound(serverPath, ((StatResponse) response).stat()));
    }

    private void submit(Request request, Consumer<Response> then) {
        loop.submit(
                new Call("create", path, request, Repeat.READ, startNs, deadlineNs) {
                    @Override
                    protected void onResponse(Response response, long zxid) {
                        then.accept(response);
                    }

                    @Override
                    protected void onError(int code) {
                        if (code == ErrorCode.NO_NODE.code()) {
                            onMissing();
                        } else {
                            onFailure(ServerErrors.of(code, "create", path));
                        }
                    }

                    @Override
                    protected void onFailure(CoordException failure) {
                        ProtectedNodeSearch.this.onFailure(failure);
                    }
                }.inBackground());
    }
}
