package io.coord.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What to do when the application must not start without its servers, and they do not answer. */
final class ServersUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<ServersUnreachableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ServersUnreachableException cause) {
        return new FailureAnalysis(
                "None of the servers at '" + cause.servers() + "' gave a session within "
                        + cause.waited().toMillis() + " ms ('coord.wait-timeout'), and 'coord.startup' is 'fail'.",
                "Check that the servers run and are reached from this machine at these addresses ('coord.connect-string'). To"
                        + " start without them set 'coord.startup' to 'lazy' or 'wait'; to run a server in this process set"
                        + " 'coord.mode' to 'embedded'.",
                cause);
    }
}
