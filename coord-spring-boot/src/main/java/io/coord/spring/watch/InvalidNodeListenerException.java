package io.coord.spring.watch;

import io.coord.spring.method.MethodNames;
import java.lang.reflect.Method;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** A method's {@link NodeListener} cannot work as it is declared. The application does not start. */
public final class InvalidNodeListenerException extends FailureAnalyzedException {

    private static final long serialVersionUID = 1;

    InvalidNodeListenerException(Method method, String problem, String action) {
        super(
                "The annotation @NodeListener on " + MethodNames.describe(method) + " is wrong: " + problem + ".",
                action);
    }
}
