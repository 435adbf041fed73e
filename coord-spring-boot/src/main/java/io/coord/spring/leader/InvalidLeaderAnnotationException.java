package io.coord.spring.leader;

import io.coord.spring.method.MethodNames;
import java.lang.reflect.Method;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** A method's {@link LeaderOnly}, {@link OnLeader} or {@link OnFollower} cannot work as it is declared. The application does not start. */
public final class InvalidLeaderAnnotationException extends FailureAnalyzedException {

    private static final long serialVersionUID = 1;

    InvalidLeaderAnnotationException(Method method, String problem, String action) {
        super("The leader annotation on " + MethodNames.describe(method) + " is wrong: " + problem + ".", action);
    }
}
