package io.coord.verification.differential;

import io.coord.verification.server.CoordUnderTest;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/** Starts our server in a world of its own classes; only types of the JDK go in and out. Used by reflection. */
public final class PatchedCoord implements IntFunction<AutoCloseable> {
    /** A server that is running; also an {@link IntSupplier} of its port and a {@link LongConsumer} of sessions to expire. */
    private record Running(CoordUnderTest server) implements AutoCloseable, IntSupplier, LongConsumer {
        @Override
        public int getAsInt() {
            return server.port();
        }

        @Override
        public void accept(long sessionId) {
            server.expireSession(sessionId);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @Override
    public AutoCloseable apply(int containerCheckMs) {
        return new Running(CoordUnderTest.inMemory(containerCheckMs));
    }
}
