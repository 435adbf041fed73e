package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** What a client asks for, behind the header that carries its xid and opcode. */
public sealed interface Request
        permits AddWatchRequest,
                AuthPacket,
                CheckVersionRequest,
                CheckWatchesRequest,
                CloseSessionRequest,
                CreateRequest,
                CreateTtlRequest,
                DeleteRequest,
                ExistsRequest,
                GetAclRequest,
                GetAllChildrenNumberRequest,
                GetChildrenRequest,
                GetDataRequest,
                GetEphemeralsRequest,
                GetSaslRequest,
                MultiReadRequest,
                MultiRequest,
                PingRequest,
                ReconfigRequest,
                RemoveWatchesRequest,
                SetAclRequest,
                SetDataRequest,
                SetWatchesRequest,
                SyncRequest,
                WhoAmIRequest {

    /** The opcode of the request's header. */
    OpCode op();

    /** Writes the record behind the header. */
    void encode(WireWriter out);

    /**
     * Reads the record that belongs to an opcode.
     *
     * @throws MalformedRecordException when the bytes are not that record
     */
    static Request decode(OpCode op, WireReader in) {
        return switch (op) {
            case CREATE, CREATE2, CREATE_CONTAINER -> CreateRequest.decode(op, in);
            case CREATE_TTL -> CreateTtlRequest.decode(in);
            case DELETE -> DeleteRequest.decode(in);
            case EXISTS -> ExistsRequest.decode(in);
            case GET_DATA -> GetDataRequest.decode(in);
            case SET_DATA -> SetDataRequest.decode(in);
            case GET_ACL -> GetAclRequest.decode(in);
            case SET_ACL -> SetAclRequest.decode(in);
            case GET_CHILDREN, GET_CHILDREN2 -> GetChildrenRequest.decode(op, in);
            case SYNC -> SyncRequest.decode(in);
            case PING -> PingRequest.INSTANCE;
            case CHECK -> CheckVersionRequest.decode(in);
            case MULTI -> MultiRequest.decode(in);
            case RECONFIG -> ReconfigRequest.decode(in);
            case MULTI_READ -> MultiReadRequest.decode(in);
            case CHECK_WATCHES -> CheckWatchesRequest.decode(in);
            case REMOVE_WATCHES -> RemoveWatchesRequest.decode(in);
            case AUTH -> AuthPacket.decode(in);
            case SASL -> GetSaslRequest.decode(in);
            case SET_WATCHES, SET_WATCHES2 -> SetWatchesRequest.decode(op, in);
            case GET_EPHEMERALS -> GetEphemeralsRequest.decode(in);
            case GET_ALL_CHILDREN_NUMBER -> GetAllChildrenNumberRequest.decode(in);
            case WHO_AM_I -> WhoAmIRequest.INSTANCE;
            case ADD_WATCH -> AddWatchRequest.decode(in);
            case CLOSE_SESSION -> CloseSessionRequest.INSTANCE;
        };
    }
}
