package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.ServerErrors;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Several operations that take effect all together or not at all, at one moment. Missing parents are not created, but for
 * the root of the namespace.
 *
 * <pre>{@code
 * List<TransactionResult> results = client.transaction().forOperations(
 *         client.transactionOp().check().withVersion(7).forPath("/config"),
 *         client.transactionOp().setData().forPath("/config/greeting", bytes),
 *         client.transactionOp().delete().forPath("/config/draft"));
 * }</pre>
 */
public final class TransactionBuilder extends Operation<TransactionBuilder> {
    TransactionBuilder(CoordClient client) {
        super(client, "transaction");
    }

    @Override
    TransactionBuilder self() {
        return this;
    }

    /** As {@link #forOperations(List)}. */
    public List<TransactionResult> forOperations(TransactionOp... operations) {
        return forOperations(Arrays.asList(operations));
    }

    /**
     * @return one result for each operation, in their order
     * @throws TransactionFailedException with the position and the error of the operation that failed; nothing was changed
     * @throws io.coord.client.error.ConnectionLossException when all or nothing may have happened
     */
    public List<TransactionResult> forOperations(List<TransactionOp> operations) {
        BlockingResult<List<TransactionResult>> result = waiting(null);
        start(operations, result);
        return result.await();
    }

    /** As {@link #forOperations(List)}, without waiting. */
    public CompletionStage<List<TransactionResult>> forOperationsAsync(TransactionOp... operations) {
        return forOperationsAsync(Arrays.asList(operations));
    }

    /** As {@link #forOperations(List)}, without waiting. */
    public CompletionStage<List<TransactionResult>> forOperationsAsync(List<TransactionOp> operations) {
        StageResult<List<TransactionResult>> result = stage();
        start(operations, result);
        return result;
    }

    private void start(List<TransactionOp> operations, Result<List<TransactionResult>> result) {
        List<TransactionOp> ops = List.copyOf(operations);
        List<Request> requests = new ArrayList<>(ops.size());
        for (TransactionOp op : ops) {
            requests.add(op.request());
        }
        loop().submit(new MultiCall(this, ops, new MultiRequest(requests), System.nanoTime(), true, result));
    }

    private static final class MultiCall extends SimpleCall<List<TransactionResult>> {
        private final TransactionBuilder builder;
        private final List<TransactionOp> ops;
        private final MultiRequest request;
        private final long startNs;
        private final boolean mayCreateNamespace;

        MultiCall(
                TransactionBuilder builder,
                List<TransactionOp> ops,
                MultiRequest request,
                long startNs,
                boolean mayCreateNamespace,
                Result<List<TransactionResult>> result) {
            super(builder, null, request, Repeat.WRITE, startNs, result, response -> List.of());
            this.builder = builder;
            this.ops = ops;
            this.request = request;
            this.startNs = startNs;
            this.mayCreateNamespace = mayCreateNamespace;
        }

        @Override
        protected void onResponse(Response response, long zxid) {
            List<MultiResponse.Result> results = ((MultiResponse) response).results();
            List<TransactionResult> done = new ArrayList<>(results.size());
            for (int i = 0; i < results.size(); i++) {
                MultiResponse.Result each = results.get(i);
                if (each instanceof MultiResponse.Done success) {
                    done.add(TransactionBuilder.result(ops.get(i), success.response()));
                } else if (each instanceof MultiResponse.Failed failed && isTheReason(failed.error())) {
                    onFailed(i, failed.error());
                    return;
                }
            }
            result().succeed(List.copyOf(done));
        }

        private void onFailed(int index, int error) {
            TransactionOp op = ops.get(index);
            String namespace = op.namespaceRootOfCreate();
            if (error == ErrorCode.NO_NODE.code() && namespace != null && mayCreateNamespace) {
                new ParentCreation(builder, op.path(), namespace, true, null, startNs, result())
                        .start(refusal ->
                                builder.loop().submit(new MultiCall(builder, ops, request, startNs, false, result())));
                return;
            }
            CoordException cause = ServerErrors.of(error, op.operation(), op.path());
            result().fail(new TransactionFailedException(index, cause));
        }

        /** Operations before the failing one carry 0, those behind it RUNTIME_INCONSISTENCY. */
        private static boolean isTheReason(int error) {
            return error != ErrorCode.OK.code() && error != ErrorCode.RUNTIME_INCONSISTENCY.code();
        }
    }

    private static TransactionResult result(TransactionOp op, Response response) {
        if (response instanceof CreateResponse created) {
            return new TransactionResult.Created(op.paths().toClient(created.path()));
        }
        if (response instanceof Create2Response created) {
            return new TransactionResult.Created(op.paths().toClient(created.path()));
        }
        if (response instanceof StatResponse changed) {
            return new TransactionResult.DataSet(op.path(), changed.stat());
        }
        return op.operation().equals("delete")
                ? new TransactionResult.Deleted(op.path())
                : new TransactionResult.Checked(op.path());
    }
}
