package io.coord.protocol;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CheckWatchesRequest;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.request.GetAllChildrenNumberRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.GetSaslRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.RequestHeader;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.request.SetWatchesRequest;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.AddWatchResponse;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.response.EmptyResponse;
import io.coord.protocol.response.GetAclResponse;
import io.coord.protocol.response.GetAllChildrenNumberResponse;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.GetEphemeralsResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.SetSaslResponse;
import io.coord.protocol.response.StatResponse;
import io.coord.protocol.response.SyncResponse;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.response.WhoAmIResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetACLResponse;
import org.apache.zookeeper.proto.SetDataResponse;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;

/** Makes random values of every record, each twice: ours and stock ZooKeeper's. */
final class RandomRecords {
    private final Random random;

    RandomRecords(long seed) {
        this.random = new Random(seed);
    }

    RecordPair next(Kind kind) {
        return switch (kind) {
            case REQUEST_HEADER -> requestHeader();
            case REPLY_HEADER -> replyHeader();
            case CONNECT_REQUEST -> connectRequest(true);
            case CONNECT_REQUEST_OF_OLD_CLIENT -> connectRequest(false);
            case CONNECT_RESPONSE -> connectResponse(true);
            case CONNECT_RESPONSE_TO_OLD_CLIENT -> connectResponse(false);
            case WATCHER_EVENT -> watcherEvent();
            case CREATE -> create(OpCode.CREATE);
            case CREATE2 -> create(OpCode.CREATE2);
            case CREATE_CONTAINER -> create(OpCode.CREATE_CONTAINER);
            case CREATE_TTL -> {
                CreateTtlRequest request = new CreateTtlRequest(
                        path(), data(), random.nextInt(8) == 0 ? null : acl(), random.nextInt(), random.nextLong());
                yield request(
                        request,
                        new CreateTTLRequest(
                                request.path(), request.data(), stock(request.acl()), request.flags(), request.ttlMs()),
                        CreateTTLRequest::new);
            }
            case DELETE -> {
                String path = path();
                int version = random.nextInt();
                yield request(
                        new DeleteRequest(path, version),
                        new org.apache.zookeeper.proto.DeleteRequest(path, version),
                        org.apache.zookeeper.proto.DeleteRequest::new);
            }
            case EXISTS -> {
                String path = path();
                boolean watch = random.nextBoolean();
                yield request(
                        new ExistsRequest(path, watch),
                        new org.apache.zookeeper.proto.ExistsRequest(path, watch),
                        org.apache.zookeeper.proto.ExistsRequest::new);
            }
            case GET_DATA -> {
                String path = path();
                boolean watch = random.nextBoolean();
                yield request(
                        new GetDataRequest(path, watch),
                        new org.apache.zookeeper.proto.GetDataRequest(path, watch),
                        org.apache.zookeeper.proto.GetDataRequest::new);
            }
            case SET_DATA -> {
                String path = path();
                byte[] data = data();
                int version = random.nextInt();
                yield request(
                        new SetDataRequest(path, data, version),
                        new org.apache.zookeeper.proto.SetDataRequest(path, data, version),
                        org.apache.zookeeper.proto.SetDataRequest::new);
            }
            case GET_ACL -> {
                String path = path();
                yield request(new GetAclRequest(path), new GetACLRequest(path), GetACLRequest::new);
            }
            case SET_ACL -> {
                String path = path();
                List<Acl> acl = random.nextInt(8) == 0 ? null : acl();
                int version = random.nextInt();
                yield request(
                        new SetAclRequest(path, acl, version),
                        new SetACLRequest(path, stock(acl), version),
                        SetACLRequest::new);
            }
            case GET_CHILDREN -> {
                String path = path();
                boolean watch = random.nextBoolean();
                yield request(
                        new GetChildrenRequest(OpCode.GET_CHILDREN, path, watch),
                        new org.apache.zookeeper.proto.GetChildrenRequest(path, watch),
                        org.apache.zookeeper.proto.GetChildrenRequest::new);
            }
            case GET_CHILDREN2 -> {
                String path = path();
                boolean watch = random.nextBoolean();
                yield request(
                        new GetChildrenRequest(OpCode.GET_CHILDREN2, path, watch),
                        new GetChildren2Request(path, watch),
                        GetChildren2Request::new);
            }
            case SYNC -> {
                String path = path();
                yield request(
                        new SyncRequest(path),
                        new org.apache.zookeeper.proto.SyncRequest(path),
                        org.apache.zookeeper.proto.SyncRequest::new);
            }
            case CHECK -> {
                String path = path();
                int version = random.nextInt();
                yield request(
                        new CheckVersionRequest(path, version),
                        new org.apache.zookeeper.proto.CheckVersionRequest(path, version),
                        org.apache.zookeeper.proto.CheckVersionRequest::new);
            }
            case REMOVE_WATCHES -> {
                String path = path();
                int type = random.nextInt();
                yield request(
                        new RemoveWatchesRequest(path, type),
                        new org.apache.zookeeper.proto.RemoveWatchesRequest(path, type),
                        org.apache.zookeeper.proto.RemoveWatchesRequest::new);
            }
            case CHECK_WATCHES -> {
                String path = path();
                int type = random.nextInt();
                yield request(
                        new CheckWatchesRequest(path, type),
                        new org.apache.zookeeper.proto.CheckWatchesRequest(path, type),
                        org.apache.zookeeper.proto.CheckWatchesRequest::new);
            }
            case GET_EPHEMERALS -> {
                String prefix = random.nextInt(8) == 0 ? null : path();
                yield request(
                        new GetEphemeralsRequest(prefix),
                        new org.apache.zookeeper.proto.GetEphemeralsRequest(prefix),
                        org.apache.zookeeper.proto.GetEphemeralsRequest::new);
            }
            case RECONFIG -> {
                String joining = random.nextInt(3) == 0 ? null : path();
                String leaving = random.nextInt(3) == 0 ? null : path();
                String members = random.nextInt(3) == 0 ? null : path();
                long version = random.nextLong();
                yield request(
                        new ReconfigRequest(joining, leaving, members, version),
                        new org.apache.zookeeper.proto.ReconfigRequest(joining, leaving, members, version),
                        org.apache.zookeeper.proto.ReconfigRequest::new);
            }
            case SASL -> {
                byte[] token = random.nextInt(8) == 0 ? null : data();
                yield request(
                        new GetSaslRequest(token),
                        new org.apache.zookeeper.proto.GetSASLRequest(token),
                        org.apache.zookeeper.proto.GetSASLRequest::new);
            }
            case SASL_RESPONSE -> {
                byte[] token = random.nextInt(8) == 0 ? null : data();
                yield response(
                        OpCode.SASL,
                        new SetSaslResponse(token),
                        new org.apache.zookeeper.proto.SetSASLResponse(token),
                        org.apache.zookeeper.proto.SetSASLResponse::new);
            }
            case GET_ALL_CHILDREN_NUMBER -> {
                String path = path();
                yield request(
                        new GetAllChildrenNumberRequest(path),
                        new org.apache.zookeeper.proto.GetAllChildrenNumberRequest(path),
                        org.apache.zookeeper.proto.GetAllChildrenNumberRequest::new);
            }
            case MULTI_READ -> multiRead();
            case GET_EPHEMERALS_RESPONSE -> {
                List<String> paths = texts();
                yield response(
                        OpCode.GET_EPHEMERALS,
                        new GetEphemeralsResponse(paths),
                        new org.apache.zookeeper.proto.GetEphemeralsResponse(paths),
                        org.apache.zookeeper.proto.GetEphemeralsResponse::new);
            }
            case GET_ALL_CHILDREN_NUMBER_RESPONSE -> {
                int number = random.nextInt();
                yield response(
                        OpCode.GET_ALL_CHILDREN_NUMBER,
                        new GetAllChildrenNumberResponse(number),
                        new org.apache.zookeeper.proto.GetAllChildrenNumberResponse(number),
                        org.apache.zookeeper.proto.GetAllChildrenNumberResponse::new);
            }
            case WHO_AM_I_RESPONSE -> whoAmIResponse();
            case MULTI_READ_RESPONSE -> multiReadResponse();
            case ADD_WATCH -> {
                String path = path();
                int mode = random.nextInt();
                yield request(
                        new AddWatchRequest(path, mode),
                        new org.apache.zookeeper.proto.AddWatchRequest(path, mode),
                        org.apache.zookeeper.proto.AddWatchRequest::new);
            }
            case AUTH -> {
                int type = random.nextInt();
                String scheme = text();
                byte[] auth = data();
                yield request(
                        new AuthPacket(type, scheme, auth),
                        new org.apache.zookeeper.proto.AuthPacket(type, scheme, auth),
                        org.apache.zookeeper.proto.AuthPacket::new);
            }
            case SET_WATCHES -> setWatches();
            case SET_WATCHES2 -> setWatches2();
            case MULTI -> multi();
            case CREATE_RESPONSE -> {
                String path = path();
                yield response(
                        OpCode.CREATE,
                        new CreateResponse(path),
                        new org.apache.zookeeper.proto.CreateResponse(path),
                        org.apache.zookeeper.proto.CreateResponse::new);
            }
            case CREATE2_RESPONSE -> {
                String path = path();
                Stat stat = stat();
                yield response(
                        List.of(OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL)
                                .get(random.nextInt(3)),
                        new Create2Response(path, stat),
                        new org.apache.zookeeper.proto.Create2Response(path, stock(stat)),
                        org.apache.zookeeper.proto.Create2Response::new);
            }
            case EXISTS_RESPONSE -> {
                Stat stat = stat();
                yield response(
                        OpCode.EXISTS, new StatResponse(stat), new ExistsResponse(stock(stat)), ExistsResponse::new);
            }
            case SET_DATA_RESPONSE -> {
                Stat stat = stat();
                yield response(
                        OpCode.SET_DATA,
                        new StatResponse(stat),
                        new SetDataResponse(stock(stat)),
                        SetDataResponse::new);
            }
            case SET_ACL_RESPONSE -> {
                Stat stat = stat();
                yield response(
                        OpCode.SET_ACL, new StatResponse(stat), new SetACLResponse(stock(stat)), SetACLResponse::new);
            }
            case GET_DATA_RESPONSE -> {
                byte[] data = data();
                Stat stat = stat();
                yield response(
                        OpCode.GET_DATA,
                        new GetDataResponse(data, stat),
                        new org.apache.zookeeper.proto.GetDataResponse(data, stock(stat)),
                        org.apache.zookeeper.proto.GetDataResponse::new);
            }
            case GET_ACL_RESPONSE -> {
                List<Acl> acl = acl();
                Stat stat = stat();
                yield response(
                        OpCode.GET_ACL,
                        new GetAclResponse(acl, stat),
                        new GetACLResponse(stock(acl), stock(stat)),
                        GetACLResponse::new);
            }
            case GET_CHILDREN_RESPONSE -> {
                List<String> names = texts();
                yield response(
                        OpCode.GET_CHILDREN,
                        new GetChildrenResponse(names),
                        new org.apache.zookeeper.proto.GetChildrenResponse(names),
                        org.apache.zookeeper.proto.GetChildrenResponse::new);
            }
            case GET_CHILDREN2_RESPONSE -> {
                List<String> names = texts();
                Stat stat = stat();
                yield response(
                        OpCode.GET_CHILDREN2,
                        new GetChildren2Response(names, stat),
                        new org.apache.zookeeper.proto.GetChildren2Response(names, stock(stat)),
                        org.apache.zookeeper.proto.GetChildren2Response::new);
            }
            case SYNC_RESPONSE -> {
                String path = path();
                yield response(
                        OpCode.SYNC,
                        new SyncResponse(path),
                        new org.apache.zookeeper.proto.SyncResponse(path),
                        org.apache.zookeeper.proto.SyncResponse::new);
            }
            case ADD_WATCH_RESPONSE -> {
                int error = random.nextInt();
                yield response(
                        OpCode.ADD_WATCH, new AddWatchResponse(error), new ErrorResponse(error), ErrorResponse::new);
            }
            case MULTI_RESPONSE -> multiResponse();
        };
    }

    private RecordPair requestHeader() {
        RequestHeader header = new RequestHeader(random.nextInt(), random.nextInt());
        return new RecordPair(
                header::encode,
                in -> RequestHeader.decode(in)::encode,
                new org.apache.zookeeper.proto.RequestHeader(header.xid(), header.opCode()),
                org.apache.zookeeper.proto.RequestHeader::new);
    }

    private RecordPair replyHeader() {
        ReplyHeader header = new ReplyHeader(random.nextInt(), random.nextLong(), random.nextInt());
        return new RecordPair(
                header::encode,
                in -> ReplyHeader.decode(in)::encode,
                new org.apache.zookeeper.proto.ReplyHeader(header.xid(), header.zxid(), header.error()),
                org.apache.zookeeper.proto.ReplyHeader::new);
    }

    private RecordPair connectRequest(boolean withReadOnly) {
        boolean readOnly = withReadOnly && random.nextBoolean();
        ConnectRequest request = new ConnectRequest(
                random.nextInt(),
                random.nextLong(),
                random.nextInt(),
                random.nextLong(),
                data(),
                withReadOnly ? readOnly : null);
        return new RecordPair(
                request::encode,
                in -> ConnectRequest.decode(in)::encode,
                new org.apache.zookeeper.proto.ConnectRequest(
                        request.protocolVersion(),
                        request.lastZxidSeen(),
                        request.timeoutMs(),
                        request.sessionId(),
                        request.passwd(),
                        readOnly),
                org.apache.zookeeper.proto.ConnectRequest::new,
                withReadOnly ? 0 : 1);
    }

    private RecordPair connectResponse(boolean withReadOnly) {
        boolean readOnly = withReadOnly && random.nextBoolean();
        ConnectResponse response = new ConnectResponse(
                random.nextInt(), random.nextInt(), random.nextLong(), data(), withReadOnly ? readOnly : null);
        return new RecordPair(
                response::encode,
                in -> ConnectResponse.decode(in)::encode,
                new org.apache.zookeeper.proto.ConnectResponse(
                        response.protocolVersion(),
                        response.timeoutMs(),
                        response.sessionId(),
                        response.passwd(),
                        readOnly),
                org.apache.zookeeper.proto.ConnectResponse::new,
                withReadOnly ? 0 : 1);
    }

    private RecordPair watcherEvent() {
        WatcherEvent event = new WatcherEvent(random.nextInt(), random.nextInt(), path());
        return new RecordPair(
                event::encode,
                in -> WatcherEvent.decode(in)::encode,
                new org.apache.zookeeper.proto.WatcherEvent(event.type(), event.state(), event.path()),
                org.apache.zookeeper.proto.WatcherEvent::new);
    }

    private RecordPair create(OpCode op) {
        CreateRequest request =
                new CreateRequest(op, path(), data(), random.nextInt(8) == 0 ? null : acl(), random.nextInt());
        return request(
                request,
                new org.apache.zookeeper.proto.CreateRequest(
                        request.path(), request.data(), stock(request.acl()), request.flags()),
                org.apache.zookeeper.proto.CreateRequest::new);
    }

    private RecordPair setWatches() {
        SetWatchesRequest request = new SetWatchesRequest(
                OpCode.SET_WATCHES, random.nextLong(), texts(), texts(), texts(), List.of(), List.of());
        return request(
                request,
                new SetWatches(
                        request.relativeZxid(), request.dataWatches(), request.existWatches(), request.childWatches()),
                SetWatches::new);
    }

    private RecordPair setWatches2() {
        SetWatchesRequest request = new SetWatchesRequest(
                OpCode.SET_WATCHES2, random.nextLong(), texts(), texts(), texts(), texts(), texts());
        return request(
                request,
                new SetWatches2(
                        request.relativeZxid(),
                        request.dataWatches(),
                        request.existWatches(),
                        request.childWatches(),
                        request.persistentWatches(),
                        request.persistentRecursiveWatches()),
                SetWatches2::new);
    }

    private RecordPair multi() {
        List<Request> ours = new ArrayList<>();
        MultiOperationRecord stock = new MultiOperationRecord();
        for (int i = random.nextInt(6); i > 0; i--) {
            String path = path();
            byte[] data = data();
            int version = random.nextInt();
            switch (random.nextInt(6)) {
                case 0 -> {
                    List<Acl> acl = acl();
                    int flags = random.nextInt(4);
                    ours.add(new CreateRequest(OpCode.CREATE, path, data, acl, flags));
                    stock.add(Op.create(path, data, stock(acl), flags));
                }
                case 1 -> {
                    List<Acl> acl = acl();
                    ours.add(new CreateRequest(OpCode.CREATE_CONTAINER, path, data, acl, 4));
                    stock.add(Op.create(path, data, stock(acl), 4));
                }
                case 2 -> {
                    ours.add(new DeleteRequest(path, version));
                    stock.add(Op.delete(path, version));
                }
                case 3 -> {
                    List<Acl> acl = acl();
                    int flags = 5 + random.nextInt(2);
                    long ttlMs = random.nextLong();
                    ours.add(new CreateTtlRequest(path, data, acl, flags, ttlMs));
                    stock.add(Op.create(path, data, stock(acl), flags, ttlMs));
                }
                case 4 -> {
                    ours.add(new SetDataRequest(path, data, version));
                    stock.add(Op.setData(path, data, version));
                }
                default -> {
                    ours.add(new CheckVersionRequest(path, version));
                    stock.add(Op.check(path, version));
                }
            }
        }
        return request(new MultiRequest(ours), stock, MultiOperationRecord::new);
    }

    private RecordPair multiRead() {
        List<Request> ours = new ArrayList<>();
        MultiOperationRecord stock = new MultiOperationRecord();
        for (int i = random.nextInt(6); i > 0; i--) {
            String path = path();
            if (random.nextBoolean()) {
                ours.add(new GetDataRequest(path, false));
                stock.add(Op.getData(path));
            } else {
                ours.add(new GetChildrenRequest(OpCode.GET_CHILDREN, path, false));
                stock.add(Op.getChildren(path));
            }
        }
        return request(new MultiReadRequest(ours), stock, MultiOperationRecord::new);
    }

    private RecordPair multiReadResponse() {
        List<MultiResponse.Result> ours = new ArrayList<>();
        org.apache.zookeeper.MultiResponse stock = new org.apache.zookeeper.MultiResponse();
        for (int i = random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    byte[] data = data();
                    Stat stat = stat();
                    ours.add(new MultiResponse.Done(OpCode.GET_DATA, new GetDataResponse(data, stat)));
                    stock.add(new OpResult.GetDataResult(data, stock(stat)));
                }
                case 1 -> {
                    List<String> names = texts();
                    ours.add(new MultiResponse.Done(OpCode.GET_CHILDREN, new GetChildrenResponse(names)));
                    stock.add(new OpResult.GetChildrenResult(names));
                }
                default -> {
                    int error = random.nextInt();
                    ours.add(new MultiResponse.Failed(error));
                    stock.add(new OpResult.ErrorResult(error));
                }
            }
        }
        return response(OpCode.MULTI_READ, new MultiResponse(ours), stock, org.apache.zookeeper.MultiResponse::new);
    }

    private RecordPair whoAmIResponse() {
        List<ClientInfo> ours = new ArrayList<>();
        List<org.apache.zookeeper.data.ClientInfo> stock = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ClientInfo info = new ClientInfo(text(), text());
            ours.add(info);
            stock.add(new org.apache.zookeeper.data.ClientInfo(info.authScheme(), info.user()));
        }
        return response(
                OpCode.WHO_AM_I,
                new WhoAmIResponse(ours),
                new org.apache.zookeeper.proto.WhoAmIResponse(stock),
                org.apache.zookeeper.proto.WhoAmIResponse::new);
    }

    private RecordPair multiResponse() {
        List<MultiResponse.Result> ours = new ArrayList<>();
        org.apache.zookeeper.MultiResponse stock = new org.apache.zookeeper.MultiResponse();
        for (int i = random.nextInt(6); i > 0; i--) {
            String path = path();
            Stat stat = stat();
            switch (random.nextInt(6)) {
                case 0 -> {
                    ours.add(new MultiResponse.Done(OpCode.CREATE, new CreateResponse(path)));
                    stock.add(new OpResult.CreateResult(path));
                }
                case 1 -> {
                    ours.add(new MultiResponse.Done(OpCode.CREATE2, new Create2Response(path, stat)));
                    stock.add(new OpResult.CreateResult(path, stock(stat)));
                }
                case 2 -> {
                    ours.add(new MultiResponse.Done(OpCode.SET_DATA, new StatResponse(stat)));
                    stock.add(new OpResult.SetDataResult(stock(stat)));
                }
                case 3 -> {
                    ours.add(new MultiResponse.Done(OpCode.DELETE, EmptyResponse.INSTANCE));
                    stock.add(new OpResult.DeleteResult());
                }
                case 4 -> {
                    ours.add(new MultiResponse.Done(OpCode.CHECK, EmptyResponse.INSTANCE));
                    stock.add(new OpResult.CheckResult());
                }
                default -> {
                    int error = random.nextInt();
                    ours.add(new MultiResponse.Failed(error));
                    stock.add(new OpResult.ErrorResult(error));
                }
            }
        }
        return response(OpCode.MULTI, new MultiResponse(ours), stock, org.apache.zookeeper.MultiResponse::new);
    }

    private static RecordPair request(Request ours, Record stock, Supplier<Record> empty) {
        return new RecordPair(ours::encode, in -> Request.decode(ours.op(), in)::encode, stock, empty);
    }

    private static RecordPair response(OpCode op, Response ours, Record stock, Supplier<Record> empty) {
        return new RecordPair(ours::encode, in -> Response.decode(op, in)::encode, stock, empty);
    }

    private String path() {
        return "/" + text();
    }

    private String text() {
        int length = random.nextInt(20);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> (char) (0x80 + random.nextInt(0x780));
                        case 1 -> (char) (0x800 + random.nextInt(0xd000));
                        default -> (char) ('a' + random.nextInt(26));
                    });
        }
        return text.toString();
    }

    private List<String> texts() {
        return IntStream.range(0, random.nextInt(5)).mapToObj(i -> text()).toList();
    }

    private byte[] data() {
        int length = random.nextInt(40) - 1;
        if (length == -1) {
            return null;
        }
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    private List<Acl> acl() {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> new Acl(random.nextInt(), new Id(text(), text())))
                .toList();
    }

    private Stat stat() {
        return new Stat(
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(),
                random.nextLong());
    }

    private static org.apache.zookeeper.data.Stat stock(Stat stat) {
        return new org.apache.zookeeper.data.Stat(
                stat.czxid(),
                stat.mzxid(),
                stat.ctime(),
                stat.mtime(),
                stat.version(),
                stat.cversion(),
                stat.aversion(),
                stat.ephemeralOwner(),
                stat.dataLength(),
                stat.numChildren(),
                stat.pzxid());
    }

    private static List<ACL> stock(List<Acl> acl) {
        return acl == null
                ? null
                : acl.stream()
                        .map(each -> new ACL(
                                each.perms(),
                                new org.apache.zookeeper.data.Id(
                                        each.id().scheme(), each.id().id())))
                        .toList();
    }

    /** Every record that Coord writes or reads; those with an empty body have nothing to compare. */
    enum Kind {
        REQUEST_HEADER,
        REPLY_HEADER,
        CONNECT_REQUEST,
        CONNECT_REQUEST_OF_OLD_CLIENT,
        CONNECT_RESPONSE,
        CONNECT_RESPONSE_TO_OLD_CLIENT,
        WATCHER_EVENT,
        CREATE,
        CREATE2,
        CREATE_CONTAINER,
        CREATE_TTL,
        DELETE,
        EXISTS,
        GET_DATA,
        SET_DATA,
        GET_ACL,
        SET_ACL,
        GET_CHILDREN,
        GET_CHILDREN2,
        SYNC,
        CHECK,
        REMOVE_WATCHES,
        ADD_WATCH,
        AUTH,
        SET_WATCHES,
        SET_WATCHES2,
        MULTI,
        CREATE_RESPONSE,
        CREATE2_RESPONSE,
        EXISTS_RESPONSE,
        SET_DATA_RESPONSE,
        SET_ACL_RESPONSE,
        GET_DATA_RESPONSE,
        GET_ACL_RESPONSE,
        GET_CHILDREN_RESPONSE,
        GET_CHILDREN2_RESPONSE,
        SYNC_RESPONSE,
        ADD_WATCH_RESPONSE,
        MULTI_RESPONSE,
        CHECK_WATCHES,
        GET_EPHEMERALS,
        GET_EPHEMERALS_RESPONSE,
        GET_ALL_CHILDREN_NUMBER,
        GET_ALL_CHILDREN_NUMBER_RESPONSE,
        WHO_AM_I_RESPONSE,
        MULTI_READ,
        MULTI_READ_RESPONSE,
        RECONFIG,
        SASL,
        SASL_RESPONSE
    }
}
