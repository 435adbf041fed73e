package io.coord.client;

import io.coord.client.error.UnreadableDataException;
import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.ServerErrors;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Many reads in one request. Each succeeds or fails by itself. Data are decompressed as {@link GetDataBuilder} does by default. They are answered in their order, so that a later one never
 * shows an older state than an earlier one. For servers from ZooKeeper 3.6 on.
 *
 * <p>All answers come as one response, which must fit into the client's and the server's limit.
 *
 * <pre>{@code
 * List<ReadResult> results = client.multiRead()
 *         .forOperations(List.of(ReadOp.getData("/config/a"), ReadOp.getData("/config/b"), ReadOp.getChildren("/workers")));
 * }</pre>
 */
public final class MultiReadBuilder extends SyncableRead<MultiReadBuilder> {
    private static final byte[] EMPTY = {};

    MultiReadBuilder(CoordClient client) {
        super(client, "multiRead");
    }

    @Override
    MultiReadBuilder self() {
        return this;
    }

    /**
     * @return one result for each read, in their order
     * @throws io.coord.client.error.ResponseTooLargeException when this client does not take so long an answer
     * @throws io.coord.client.error.ServerErrorException with MARSHALLING_ERROR when a Coord server does not send it
     * @throws io.coord.client.error.UnsupportedByServerException when the server is older than ZooKeeper 3.6
     */
    public List<ReadResult> forOperations(List<ReadOp> reads) {
        BlockingResult<List<ReadResult>> result = waiting(null);
        start(reads, result);
        List<ReadResult> results = result.await();
        return isDecompressing() ? decompressed(results) : results;
    }

    /** As {@link #forOperations}, without waiting. */
    public CompletionStage<List<ReadResult>> forOperationsAsync(List<ReadOp> reads) {
        StageResult<List<ReadResult>> result = stage();
        start(reads, result);
        return isDecompressing() ? mapped(result, this::decompressed) : result;
    }

    private boolean isDecompressing() {
        return client.compression().applies(null);
    }

    private List<ReadResult> decompressed(List<ReadResult> results) {
        List<ReadResult> readable = new ArrayList<>(results.size());
        for (ReadResult each : results) {
            readable.add(each instanceof ReadResult.Data found ? decompressed(found) : each);
        }
        return readable;
    }

    private ReadResult decompressed(ReadResult.Data found) {
        try {
            byte[] data = client.compression().decompress("getData", found.path(), found.data());
            return new ReadResult.Data(found.path(), data, found.stat());
        } catch (UnreadableDataException e) {
            return new ReadResult.Failed(found.path(), e);
        }
    }

    private void start(List<ReadOp> reads, Result<List<ReadResult>> result) {
        List<ReadOp> ops = List.copyOf(reads);
        List<Request> requests = new ArrayList<>(ops.size());
        for (ReadOp op : ops) {
            String serverPath = paths().toServer(op.path());
            requests.add(
                    switch (op.kind()) {
                        case DATA -> new GetDataRequest(serverPath, false);
                        case CHILDREN -> new GetChildrenRequest(OpCode.GET_CHILDREN, serverPath, false);
                    });
        }
        MultiReadRequest request = new MultiReadRequest(requests);
        long now = System.nanoTime();
        submit(
                null,
                paths().toServer(ZnodePath.ROOT),
                now,
                result,
                outcome -> new SimpleCall<>(
                        this,
                        null,
                        request,
                        Repeat.READ,
                        now,
                        outcome,
                        response -> results(ops, (MultiResponse) response)));
    }

    private static List<ReadResult> results(List<ReadOp> ops, MultiResponse response) {
        List<MultiResponse.Result> answers = response.results();
        List<ReadResult> results = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            results.add(result(ops.get(i), answers.get(i)));
        }
        return results;
    }

    private static ReadResult result(ReadOp op, MultiResponse.Result answer) {
        if (answer instanceof MultiResponse.Failed failed) {
            return new ReadResult.Failed(op.path(), ServerErrors.of(failed.error(), op.operation(), op.path()));
        }
        Response response = ((MultiResponse.Done) answer).response();
        if (response instanceof GetDataResponse found) {
            byte[] data = found.data();
            return new ReadResult.Data(op.path(), data == null ? EMPTY : data, found.stat());
        }
        return new ReadResult.Children(op.path(), ((GetChildrenResponse) response).children());
    }
}
