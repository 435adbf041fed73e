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
 * @param shares whether it bears others that share
 * @param owner who may hold several things at once, as in a downgrade
 */
public record Holder(
        int client,
        String directory,
        String prefix,
        String path,
        long token,
        long session,
        BooleanSupplier certain,
        LongSupplier presentSession,
        boolean shares,
        Object owner) {
    /** One that bears nobody. */
    public static Holder alone(
            int client,
            String directory,
            String prefix,
            String path,
            long token,
            long session,
            BooleanSupplier certain,
            LongSupplier presentSession) {
        return new Holder(
                client, directory, prefix, path, token, session, certain, presentSession, false, new Object());
    }

    boolean excludes(Holder other) {
        return owner != other.owner && !(shares && other.shares);
    }
}
