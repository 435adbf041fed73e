package io.coord.protocol.response;

import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers whoAmI. */
public record WhoAmIResponse(List<ClientInfo> clientInfo) implements Response {
    static WhoAmIResponse decode(WireReader in) {
        @Nullable List<ClientInfo> infos = in.readNullableVector(ClientInfo.MIN_WIRE_BYTES, ClientInfo::decode);
        return new WhoAmIResponse(infos == null ? List.of() : infos);
    }

    @Override
    public void encode(WireWriter out) {
        out.writeVector(clientInfo, ClientInfo::encode);
    }
}
