package io.coord.protocol.response;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers multi and multiRead. When one operation of a multi failed, all results are {@link Failed}: code 0 before the failing one, its own code,
 * then {@code RUNTIME_INCONSISTENCY} for each later one; the reply's header says OK even so.
 * Of a multiRead each read has the result of its own.
 */
public record MultiResponse(List<Result> results) implements Response {
    private static final int ERROR = -1;

    /** The outcome of one operation. */
    public sealed interface Result {}

    /**
     * An operation that took effect.
     *
     * @param op as answered on the wire: a create is CREATE, all other creations are CREATE2
     */
    public record Done(OpCode op, Response response) implements Result {}

    /**
     * An operation that had no effect, or a read that failed.
     *
     * @param error raw {@link io.coord.protocol.ErrorCode}
     */
    public record Failed(int error) implements Result {}

    static MultiResponse decode(WireReader in) {
        List<Result> results = new ArrayList<>();
        while (true) {
            int type = in.readInt();
            boolean done = in.readBool();
            in.readInt();
            if (done) {
                return new MultiResponse(results);
            }
            results.add(decodeResult(type, in));
        }
    }

    private static Result decodeResult(int type, WireReader in) {
        if (type == ERROR) {
            return new Failed(in.readInt());
        }
        @Nullable OpCode op = OpCode.of(type);
        if (op == null || op == OpCode.MULTI || op == OpCode.MULTI_READ) {
            throw new MalformedRecordException("result of operation " + type + " inside a multi");
        }
        return new Done(op, Response.decode(op, in));
    }

    @Override
    public void encode(WireWriter out) {
        for (Result each : results) {
            if (each instanceof Done done) {
                encodeHeader(out, done.op().code(), false, 0);
                done.response().encode(out);
            } else if (each instanceof Failed failed) {
                encodeHeader(out, ERROR, false, failed.error());
                out.writeInt(failed.error());
            }
        }
        encodeHeader(out, -1, true, -1);
    }

    private static void encodeHeader(WireWriter out, int type, boolean done, int error) {
        out.writeInt(type);
        out.writeBool(done);
        out.writeInt(error);
    }
}
