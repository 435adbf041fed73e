package io.coord.verification.simulation.invariant;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Somebody who was granted a lock, as it sees that itself.
 *
 * @param directory of the lock
 * @param prefix of its znodes
 * @param token the fencing token
 * @param session that its znode belongs to
 * @param certain whether it counts itself as holder at this moment: granted, not suspended, its session's lease alive
 * @param presentSession that its client is in now
 */
public record Holder(
        int client,
        String directory,
        String prefix,
        String path,
        long token,
        long session,
        BooleanSupplier certain,
        LongSupplier presentSession) {}
