package io.coord.spring.lock;

import io.coord.spring.method.MethodNames;
import java.lang.reflect.Method;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** A method's {@link ReadLock}, {@link WriteLock}, {@link DistributedLock} or {@link Permit} cannot work as it is declared. The application does not start. */
public final class InvalidLockAnnotationException extends FailureAnalyzedException {

    private static final long serialVersionUID = 1;

    InvalidLockAnnotationException(Method method, String problem, String action) {
        super("The lock annotation on " + MethodNames.describe(method) + " is wrong: " + problem + ".", action);
    }
}
