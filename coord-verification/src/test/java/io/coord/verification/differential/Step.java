package io.coord.verification.differential;

import io.coord.verification.wire.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that a script does, through one of its sessions. */
sealed interface Step {
    int session();

    /** Sends operations in one go and reads all replies. */
    record Send(int session, List<Operation> operations, String text) implements Step {
        @Override
        public String toString() {
            return "session " + session + ": " + text;
        }
    }

    /** Adds an identity to the connection, or tries to. */
    record Authenticate(
            int session, String scheme, @Nullable String proof) implements Step {}

    /** Sends what costs the connection. */
    record Offend(int session, Operation operation, String text) implements Step {
        @Override
        public String toString() {
            return "session " + session + " offends by " + text;
        }
    }

    /** Ends the session and opens a new one in its place. */
    record Renew(int session) implements Step {}

    /** Has the server end the session as if it had been silent, shows that it is over, and opens a new one in its place. */
    record Expire(int session) implements Step {}

    /** Drops the connection; what follows through this session first comes back to it. */
    record Cut(int session) implements Step {}

    /**
     * Comes back to the session and hands over watches.
     *
     * @param wayBack how the connection is made
     * @param all whether to use the dialect with persistent watches
     * @param sinceForever whether the watches are from the beginning of time, and not from when the session was cut
     */
    record ComeBack(
            int session,
            WayBack wayBack,
            boolean all,
            boolean sinceForever,
            List<String> data,
            List<String> exist,
            List<String> child,
            List<String> persistent,
            List<String> recursive)
            implements Step {}

    /**
     * How a client comes back.
     *
     * @param timeoutMs that it asks for
     * @param readOnly whether it would do with a server that only reads
     * @param wrongPasswordFirst whether it shows a wrong password first
     * @param holding whether the connection before is still open
     */
    record WayBack(int timeoutMs, boolean readOnly, boolean wrongPasswordFirst, boolean holding) {}
}
