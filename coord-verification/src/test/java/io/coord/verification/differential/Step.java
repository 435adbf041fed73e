package io.coord.verification.differential;

import io.coord.verification.wire.Operation;
import java.util.List;

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

    /** Adds an identity to the connection. */
    record Authenticate(int session, String user) implements Step {}

    /** Ends the session and opens a new one in its place. */
    record Renew(int session) implements Step {}

    /** Drops the connection; what follows through this session first comes back to it. */
    record Cut(int session) implements Step {}

    /**
     * Comes back to the session and hands over watches.
     *
     * @param all whether to use the dialect with persistent watches
     */
    record ComeBack(int session, boolean all, List<String> data, List<String> exist, List<String> child)
            implements Step {}
}
