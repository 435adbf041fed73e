package io.coord.verification.bench.micro;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Records of the wire: requests as the server decodes them, replies as it encodes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
    private static final int CHILDREN = 1000;
    private static final String PATH = "/services/orders/instance-0000000042";
    private static final Stat STAT = new Stat(1, 2, 3, 4, 5, 6, 7, 8, 100, 0, 9);

    private final ByteBuf get = encoded(new GetDataRequest(PATH, false));
    private final ByteBuf set = encoded(new SetDataRequest(PATH, new byte[100], -1));
    private final ByteBuf create = encoded(new CreateRequest(OpCode.CREATE, PATH, new byte[100], Acl.OPEN, 0));
    private final Response data = new GetDataResponse(new byte[100], STAT);
    private final Response children = new GetChildrenResponse(
            IntStream.range(0, CHILDREN).mapToObj(i -> "instance-" + i).toList());
    private final ByteBuf out = Unpooled.directBuffer(1 << 16);
    private final WireReader reader = new WireReader(get);
    private final WireWriter writer = new WireWriter(out);

    private static ByteBuf encoded(Request request) {
        ByteBuf bytes = Unpooled.directBuffer();
        request.encode(new WireWriter(bytes));
        return bytes;
    }

    @Benchmark
    public Request decodeGetData() {
        return Request.decode(OpCode.GET_DATA, reader.reset(get.readerIndex(0)));
    }

    @Benchmark
    public Request decodeSetData100Bytes() {
        return Request.decode(OpCode.SET_DATA, reader.reset(set.readerIndex(0)));
    }

    @Benchmark
    public Request decodeCreate100Bytes() {
        return Request.decode(OpCode.CREATE, reader.reset(create.readerIndex(0)));
    }

    @Benchmark
    public int encodeGetDataReply100Bytes() {
        data.encode(writer.reset(out.clear()));
        return out.readableBytes();
    }

    @Benchmark
    public int encodeGetChildrenReply1000Names() {
        children.encode(writer.reset(out.clear()));
        return out.readableBytes();
    }
}
