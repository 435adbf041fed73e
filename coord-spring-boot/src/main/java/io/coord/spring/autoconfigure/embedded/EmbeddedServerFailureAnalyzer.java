package io.coord.spring.autoconfigure.embedded;

import io.coord.server.EmbeddedServerException;
import java.net.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What to do when the server inside the application does not start. */
final class EmbeddedServerFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedServerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedServerException cause) {
        String action = findCause(cause, BindException.class) != null
                ? "Stop the process that has the port, set 'coord.server.port' to another one (0 for any that is free), or leave"
                        + " it out: the application itself needs none. If the process is another instance of this application that"
                        + " is to share its data, set 'coord.connect-string' to the address of that one's server."
                : "Check the keys below 'coord.server', above all that this process may read and write 'coord.server.data-dir'"
                        + " and that no other one uses it.";
        return new FailureAnalysis("The embedded Coord server failed: " + cause.getMessage(), action, cause);
    }
}
