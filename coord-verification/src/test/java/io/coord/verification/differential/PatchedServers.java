package io.coord.verification.differential;

import io.coord.verification.patch.PatchedClasses;
import io.coord.verification.patch.PatchedClasses.Replacement;
import io.coord.verification.server.InProcessServer;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/** Starts our server with one source file changed. */
final class PatchedServers {
    private final IntFunction<AutoCloseable> starts;

    @SuppressWarnings("unchecked")
    PatchedServers(String source, List<Replacement> replacements) throws IOException {
        starts = PatchedClasses.newInstance(source, replacements, PatchedCoord.class, IntFunction.class);
    }

    InProcessServer start(int containerCheckMs) {
        return new Patched(starts.apply(containerCheckMs));
    }

    /** What lives in the other world, as one of this world. */
    private record Patched(AutoCloseable running) implements InProcessServer {
        @Override
        public Implementation implementation() {
            return Implementation.COORD;
        }

        @Override
        public int port() {
            return ((IntSupplier) running).getAsInt();
        }

        @Override
        public void expireSession(long sessionId) {
            ((LongConsumer) running).accept(sessionId);
        }

        @Override
        public void close() {
            try {
                running.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("the patched server does not close", e);
            }
        }
    }
}
