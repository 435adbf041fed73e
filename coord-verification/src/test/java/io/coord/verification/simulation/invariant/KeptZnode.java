package io.coord.verification.simulation.invariant;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A znode that somebody keeps in place.
 *
 * @param mark what its data begin with, and nobody else's
 * @param inPlace whether its keeper says that it is there
 * @param occupied whether its keeper waits for somebody else's znode to go
 * @param session that its keeper is in
 * @param data that it is to have
 */
public record KeptZnode(
        int client,
        String path,
        String mark,
        BooleanSupplier inPlace,
        BooleanSupplier occupied,
        LongSupplier session,
        Supplier<byte[]> data) {}
