package io.coord.server.internal.pipeline;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CheckWatchesRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.request.GetAllChildrenNumberRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.AddWatchResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.SyncResponse;
import io.coord.protocol.response.WhoAmIResponse;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.watch.WatchRegistry;

/** What this server answers by itself, from its state and its watches, without the log. */
final class LocalRequests {
    private final CoordStateMachine state;
    private final WatchRegistry watches;

    LocalRequests(CoordStateMachine state, WatchRegistry watches) {
        this.state = state;
        this.watches = watches;
    }

    Answer answer(ClientConnection connection, Request request) {
        return switch (request.op()) {
            case EXISTS -> exists(connection, (ExistsRequest) request);
            case GET_DATA -> getData(connection, (GetDataRequest) request);
            case GET_CHILDREN, GET_CHILDREN2 -> getChildren(connection, (GetChildrenRequest) request);
            case GET_ACL -> state.getAcl(((GetAclRequest) request).path(), connection.ids());
            case GET_ALL_CHILDREN_NUMBER ->
                state.getAllChildrenNumber(((GetAllChildrenNumberRequest) request).path(), connection.ids());
            case GET_EPHEMERALS -> state.getEphemerals((GetEphemeralsRequest) request, sessionOf(connection));
            case MULTI_READ ->
                state.multiRead((MultiReadRequest) request, connection.ids(), connection.outbound.maxResponseBytes());
            case WHO_AM_I -> ok(new WhoAmIResponse(connection.identities.shown()));
            // Whatever was acknowledged to anyone is applied here: this server is the only one.
            case SYNC -> ok(new SyncResponse(((SyncRequest) request).path()));
            case SET_WATCHES, SET_WATCHES2 -> {
                watches.rearm(connection.watches, (SetWatchesRequest) request, state.tree());
                yield Answer.DONE;
            }
            case ADD_WATCH -> addWatch(connection, (AddWatchRequest) request);
            case CHECK_WATCHES -> checkWatches(connection, (CheckWatchesRequest) request);
            case REMOVE_WATCHES -> removeWatches(connection, (RemoveWatchesRequest) request);
            case PING -> Answer.DONE;
            case CREATE,
                    CREATE2,
                    CREATE_CONTAINER,
                    CREATE_TTL,
                    DELETE,
                    SET_DATA,
                    SET_ACL,
                    CHECK,
                    MULTI,
                    RECONFIG,
                    CLOSE_SESSION,
                    AUTH,
                    SASL -> throw new IllegalArgumentException("not answered from here: " + request.op());
        };
    }

    private Answer exists(ClientConnection connection, ExistsRequest request) {
        Answer answer = state.exists(request.path(), connection.ids());
        if (request.watch() && (answer.isOk() || answer.error() == ErrorCode.NO_NODE)) {
            watches.watchData(connection.watches, request.path());
        }
        return answer;
    }

    private Answer getData(ClientConnection connection, GetDataRequest request) {
        Answer answer = state.getData(request.path(), connection.ids());
        if (request.watch() && answer.isOk()) {
            watches.watchData(connection.watches, request.path());
        }
        return answer;
    }

    private Answer getChildren(ClientConnection connection, GetChildrenRequest request) {
        Answer answer = state.getChildren(request, connection.ids());
        if (request.watch() && answer.isOk()) {
            watches.watchChildren(connection.watches, request.path());
        }
        return answer;
    }

    private Answer addWatch(ClientConnection connection, AddWatchRequest request) {
        AddWatchMode mode = AddWatchMode.of(request.mode());
        if (mode == null) {
            return Answer.refusal(ErrorCode.MARSHALLING_ERROR);
        }
        watches.watch(connection.watches, request.path(), mode);
        return ok(AddWatchResponse.OK);
    }

    private Answer checkWatches(ClientConnection connection, CheckWatchesRequest request) {
        WatcherType type = WatcherType.of(request.type());
        if (type == null) {
            return Answer.refusal(ErrorCode.MARSHALLING_ERROR);
        }
        return watches.contains(connection.watches, request.path(), type)
                ? Answer.DONE
                : Answer.refusal(ErrorCode.NO_WATCHER);
    }

    private static long sessionOf(ClientConnection connection) {
        Session session = connection.session;
        if (session == null) {
            throw new IllegalStateException("a request before its session");
        }
        return session.id();
    }

    private Answer removeWatches(ClientConnection connection, RemoveWatchesRequest request) {
        WatcherType type = WatcherType.of(request.type());
        if (type == null) {
            return Answer.refusal(ErrorCode.MARSHALLING_ERROR);
        }
        return watches.remove(connection.watches, request.path(), type)
                ? Answer.DONE
                : Answer.refusal(ErrorCode.NO_WATCHER);
    }

    private static Answer ok(Response response) {
        return new Answer(ErrorCode.OK, response);
    }
}
