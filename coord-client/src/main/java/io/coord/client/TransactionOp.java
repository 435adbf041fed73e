package io.coord.client;

import io.coord.protocol.request.Request;

/** One operation of a transaction, made by {@link CoordClient#transactionOp()}. Immutable. */
public final class TransactionOp {
    private final String operation;
    private final String path;
    private final Request request;

    TransactionOp(String operation, String path, Request request) {
        this.operation = operation;
        this.path = path;
        this.request = request;
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

    @Override
    public String toString() {
        return operation + ' ' + path;
    }
}
