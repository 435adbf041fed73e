package io.coord.protocol.response;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** What stands behind the header of a reply whose error code is OK. */
public sealed interface Response
        permits AddWatchResponse,
                Create2Response,
                CreateResponse,
                EmptyResponse,
                GetAclResponse,
                GetAllChildrenNumberResponse,
                GetChildren2Response,
                GetChildrenResponse,
                GetDataResponse,
                GetEphemeralsResponse,
                MultiResponse,
                SetSaslResponse,
                StatResponse,
                SyncResponse,
                WhoAmIResponse {

    void encode(WireWriter out);

    /**
     * Reads the record that answers an opcode.
     *
     * @throws MalformedRecordException when the bytes are not that record
     */
    static Response decode(OpCode op, WireReader in) {
        return switch (op) {
            case CREATE -> CreateResponse.decode(in);
            case CREATE2, CREATE_CONTAINER, CREATE_TTL -> Create2Response.decode(in);
            case EXISTS, SET_DATA, SET_ACL -> StatResponse.decode(in);
            case GET_DATA, RECONFIG -> GetDataResponse.decode(in);
            case GET_ACL -> GetAclResponse.decode(in);
            case GET_CHILDREN -> GetChildrenResponse.decode(in);
            case GET_CHILDREN2 -> GetChildren2Response.decode(in);
            case SYNC -> SyncResponse.decode(in);
            case SASL -> SetSaslResponse.decode(in);
            case GET_EPHEMERALS -> GetEphemeralsResponse.decode(in);
            case GET_ALL_CHILDREN_NUMBER -> GetAllChildrenNumberResponse.decode(in);
            case WHO_AM_I -> WhoAmIResponse.decode(in);
            case MULTI, MULTI_READ -> MultiResponse.decode(in);
            case ADD_WATCH -> AddWatchResponse.decode(in);
            case DELETE, CHECK, PING, AUTH, CHECK_WATCHES, REMOVE_WATCHES, SET_WATCHES, SET_WATCHES2, CLOSE_SESSION ->
                EmptyResponse.INSTANCE;
        };
    }
}
