package io.coord.client;

import io.coord.protocol.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code storingStatIn} puts the stat that comes with an answer, before the call returns or its stage completes.
 *
 * <p>Thread-safe: one volatile field.
 *
 * <p>Example: {@link CreateBuilder}.
 */
public final class StatHolder {
    private volatile @Nullable Stat stat;

    /** The stat of the last answer that was stored here. */
    public Stat get() {
        Stat value = stat;
        if (value == null) {
            throw new IllegalStateException("no answer has stored a stat here yet");
        }
        return value;
    }

    /** Whether an answer has stored a stat here. */
    public boolean isPresent() {
        return stat != null;
    }

    void set(Stat value) {
        stat = value;
    }

    @Override
    public String toString() {
        return String.valueOf(stat);
    }
}
