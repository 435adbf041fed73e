package io.coord.server.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A snapshot as servers out there have it. When this fails the layout has changed: then {@link StateSnapshot#FORMAT} must
 * change too, and servers must still read this one, or say that they do not.
 */
class GoldenSnapshotCompatTest {
    private static final String GOLDEN = "state-snapshot-2.hex";

    @Test
    void aSnapshotHasTheBytesThatItAlwaysHad() throws IOException {
        assertThat(ByteBufUtil.hexDump(snapshot(state()))).isEqualTo(golden());
    }

    @Test
    void aSnapshotThatWasWrittenBeforeIsRead() throws IOException {
        CoordStateMachine restored = new CoordStateMachine(5);
        restored.beginRestore().readChunk(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(golden())));
        restored.finishRestore();

        assertThat(restored.digest()).isEqualTo(state().digest());
    }

    /** As the first servers computed it: a replica of another version must not seem to differ. */
    @Test
    void aDigestIsTheNumberThatItAlwaysWas() {
        assertThat(state().digest()).isEqualTo(-1_166_017_522_559_337_446L);
    }

    private static String golden() throws IOException {
        try (InputStream in = GoldenSnapshotCompatTest.class.getResourceAsStream(GOLDEN)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }

    static ByteBuf snapshot(CoordStateMachine state) {
        SnapshotCut cut = state.beginSnapshot();
        ByteBuf chunk = Unpooled.buffer();
        assertThat(cut.writeNext(chunk)).as("there is more").isFalse();
        return chunk;
    }

    /** One znode of each kind. */
    static CoordStateMachine state() {
        CoordStateMachine state = new CoordStateMachine(7);
        state.apply(new Command.CreateSession(1_000, 4_000, Commands.password()));
        long session = state.sessions().all().get(0).id();
        List<Acl> mine = List.of(new Acl(Acl.ALL, Id.ANYONE), new Acl(Acl.READ, new Id("ip", "10.0.0.1")));
        List<Request> requests = List.of(
                new CreateRequest(OpCode.CREATE, "/persistent", new byte[] {1, 2, 3}, Acl.OPEN, 0),
                new CreateRequest(OpCode.CREATE, "/persistent/ä", null, mine, 0),
                new CreateRequest(OpCode.CREATE, "/persistent/sibling-with-a-name-of-33-bytes", new byte[0], mine, 0),
                new CreateRequest(OpCode.CREATE, "/persistent/ephemeral", new byte[] {4}, Acl.OPEN, 1),
                new CreateRequest(OpCode.CREATE, "/persistent/sequential-", new byte[] {5}, Acl.OPEN, 2),
                Commands.container("/container"),
                Commands.create("/container/child", 0),
                new CreateTtlRequest("/ttl", new byte[] {6}, Acl.OPEN, 5, 60_000),
                new CreateRequest(OpCode.CREATE, "/large", new byte[513], Acl.OPEN, 0),
                new SetDataRequest("/persistent", new byte[] {7, 8}, 0),
                Commands.delete("/container/child"),
                new SetAclRequest("/container", Acl.WORLD_READ, 0));
        long time = 2_000;
        for (Request request : requests) {
            Effects effects = state.apply(Commands.write(time++, session, request));
            assertThat(effects.answer().isOk()).as("%s", request).isTrue();
        }
        return state;
    }
}
