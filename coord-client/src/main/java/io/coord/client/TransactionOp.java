package io.coord.client;

import io.coord.client.internal.watch.PathMapping;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.Request;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a transaction, made by {@link CoordClient#transactionOp()}. Immutable.
 *
 * <pre>{@code
 * List<TransactionOp> operations = new ArrayList<>();
 * for (String name : List.of("a", "b", "c")) {
 *     operations.add(client.transactionOp().create().forPath("/batch/" + name));
 * }
 * client.transaction().forOperations(operations);
 * }</pre>
 */
public final class TransactionOp {
    private final String operation;
    private final String path;
    private final Request request;
    private final PathMapping paths;

    TransactionOp(String operation, String path, Request request, PathMapping paths) {
        this.operation = operation;
        this.path = path;
        this.request = request;
        this.paths = paths;
    }

    /** The name of the operation, {@code create} for instance. */
    public String operation() {
        return operation;
    }

    /** The path as the caller gave it. */
    public String path() {
        return path;
    }

    Request request() {
        return request;
    }

    PathMapping paths() {
        return paths;
    }

    /** The root of the namespace that a create stands directly below, as the server knows it; null for any other. */
    @Nullable
    String namespaceRootOfCreate() {
        String created = createdPath();
        boolean isBelowRoot = created != null
                && !paths.namespace().isEmpty()
                && ZnodePath.parent(created).equals(paths.prefix());
        return isBelowRoot ? paths.prefix() : null;
    }

    private @Nullable String createdPath() {
        if (request instanceof CreateRequest create) {
            return create.path();
        }
        return request instanceof CreateTtlRequest create ? create.path() : null;
    }

    @Override
    public String toString() {
        return operation + ' ' + path;
    }
}
