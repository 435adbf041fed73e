package io.coord.client;

import io.coord.protocol.data.Stat;

/**
 * What one operation of a transaction that took effect has to say; in the order of the operations.
 *
 * <pre>{@code
 * for (TransactionResult each : client.transaction().forOperations(
 *         client.transactionOp().check().forPath("/orders"),
 *         client.transactionOp().create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath("/orders/order-"),
 *         client.transactionOp().setData().forPath("/stock", bytes),
 *         client.transactionOp().delete().forPath("/basket"))) {
 *     if (each instanceof TransactionResult.Created created) {
 *         use(created.path());
 *     } else if (each instanceof TransactionResult.DataSet set) {
 *         use(set.stat().version());
 *     } else if (each instanceof TransactionResult.Checked || each instanceof TransactionResult.Deleted) {
 *         use(each.path());
 *     }
 * }
 * }</pre>
 */
public sealed interface TransactionResult {
    /** The path, without chroot and namespace. */
    String path();

    /**
     * A create.
     *
     * @param path as created, with the sequence number if there is one
     */
    record Created(String path) implements TransactionResult {}

    /** A delete. */
    record Deleted(String path) implements TransactionResult {}

    /** A setData. */
    record DataSet(String path, Stat stat) implements TransactionResult {}

    /** A check that held. */
    record Checked(String path) implements TransactionResult {}
}
