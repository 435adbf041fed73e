package io.coord.spring.autoconfigure;

import io.coord.client.InvalidConnectStringException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says where a connect string that names no servers came from, and how to write one. */
final class InvalidConnectStringFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConnectStringException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConnectStringException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Correct 'coord.connect-string' (or the CoordConnectionDetails bean that replaces it). Examples:"
                        + " 'zk1:2181', 'zk1:2181,zk2:2181,zk3:2181', 'zk1:2181/shop', '[::1]:2181'.",
                cause);
    }
}
