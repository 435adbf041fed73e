package io.coord.server.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.response.Response;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.Commands;
import io.coord.server.internal.state.CoordStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongResponsesTest {
    /** Also that no response grows beyond the factor by which short requests are let through unseen. */
    @Test
    void noWriteIsAnsweredWithMoreThanWasForeseen() {
        CoordStateMachine state = new CoordStateMachine(1);
        state.apply(new Command.CreateSession(1, 4_000, new byte[16]));
        Random random = new Random(7);
        int done = 0;
        for (int i = 0; i < 20_000; i++) {
            Request write = random.nextInt(3) == 0 ? multi(random) : write(random);
            Answer answer =
                    state.apply(Commands.write(i, (1L << 56) + 1, write)).answer();
            long bytes =
                    (long) ReplyHeader.WIRE_BYTES + (answer.error() == ErrorCode.OK ? bytesOf(answer.response()) : 0);
            assertThat(ReplyHeader.WIRE_BYTES + LongResponses.mostBytesOf(write))
                    .as("%s", write)
                    .isGreaterThanOrEqualTo(bytes);
            int frameBytes = 8 + bytesOf(write::encode);
            assertThat(LongResponses.mayExceed(write, frameBytes, (int) bytes - 1))
                    .as("%s answered with %d bytes", write, bytes)
                    .isTrue();
            done += answer.isOk() ? 1 : 0;
        }
        assertThat(done).isGreaterThan(2_000);
    }

    private static Request multi(Random random) {
        List<Request> ops = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            Request op = write(random);
            ops.add(op instanceof SetAclRequest ? new CheckVersionRequest("/", -1) : op);
        }
        return new MultiRequest(ops);
    }

    private static Request write(Random random) {
        String path = "/"
                + (random.nextInt(6) == 0
                        ? ""
                        : (char) ('a' + random.nextInt(20)) + "\u00e4".repeat(random.nextInt(3)));
        return switch (random.nextInt(6)) {
            case 0 -> new DeleteRequest(path, -1);
            case 1 -> new SetAclRequest(path, Acl.OPEN, -1);
            case 2 -> new CreateTtlRequest(path, null, Acl.OPEN, 5 + random.nextInt(2), 1);
            case 3 ->
                new CreateRequest(
                        List.of(OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER)
                                .get(random.nextInt(3)),
                        path,
                        null,
                        Acl.OPEN,
                        random.nextInt(4));
            default -> new SetDataRequest(path, null, -1);
        };
    }

    private static int bytesOf(Response response) {
        return bytesOf(response::encode);
    }

    private static int bytesOf(java.util.function.Consumer<WireWriter> encoding) {
        ByteBuf out = Unpooled.buffer();
        encoding.accept(new WireWriter(out));
        return out.readableBytes();
    }
}
