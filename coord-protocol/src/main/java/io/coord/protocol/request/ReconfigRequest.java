package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Changes the members of an ensemble: by those that join and leave, or by naming all of them. Answered like getData of
 * {@code /zookeeper/config}.
 *
 * @param joiningServers {@code server.<id>=<specification>}, between commas; null for none
 * @param leavingServers ids between commas; null for none
 * @param newMembers as {@code joiningServers}; null when the other two say it
 * @param curConfigId the version that the configuration must have; -1 for any
 */
public record ReconfigRequest(
        @Nullable String joiningServers,
        @Nullable String leavingServers,
        @Nullable String newMembers,
        long curConfigId) implements Request {
    static ReconfigRequest decode(WireReader in) {
        return new ReconfigRequest(
                in.readNullableString(), in.readNullableString(), in.readNullableString(), in.readLong());
    }

    @Override
    public OpCode op() {
        return OpCode.RECONFIG;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(joiningServers);
        out.writeString(leavingServers);
        out.writeString(newMembers);
        out.writeLong(curConfigId);
    }
}
