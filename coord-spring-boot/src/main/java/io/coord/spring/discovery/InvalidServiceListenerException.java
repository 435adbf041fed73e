package io.coord.spring.discovery;

import io.coord.spring.method.MethodNames;
import java.lang.reflect.Method;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** A method's {@link ServiceListener} cannot work as it is declared. The application does not start. */
public final class InvalidServiceListenerException extends FailureAnalyzedException {

    private static final long serialVersionUID = 1;

    InvalidServiceListenerException(Method method, String problem, String action) {
        super(
                "The annotation @ServiceListener on " + MethodNames.describe(method) + " is wrong: " + problem + ".",
                action);
    }
}
