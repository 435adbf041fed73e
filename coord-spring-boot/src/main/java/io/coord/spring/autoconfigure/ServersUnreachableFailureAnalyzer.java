package io.coord.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What to do when the application must not start without its servers, and they do not answer. */
final class ServersUnreachableFailureAnalyzer extends AbstractFailureAnalyzer<ServersUnreachableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ServersUnreachableException cause) {
        String key = cause.key();
        return new FailureAnalysis(
                "None of the servers at '" + cause.servers() + "' gave a session that lasts within "
                        + cause.waited().toMillis() + " ms ('" + key + ".wait-timeout'), and '" + key
                        + ".startup' is 'fail'.",
                "Check that the servers run and are reached from this machine at these addresses ('" + key
                        + ".connect-string'). To start without them set '" + key + ".startup' to 'lazy' or 'wait'"
                        + (key.equals("coord")
                                ? "; to run a server in this process set 'coord.mode' to 'embedded'."
                                : "."),
                cause);
    }
}
