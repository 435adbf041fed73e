package io.coord.spring.lock;

import io.coord.spring.method.MethodNames;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.Expression;

/**
 * What the annotation on one method says, checked and with its placeholders replaced.
 *
 * @param method as declared by the class that is called, not by an interface
 * @param name path of the lock below the root of all locks
 * @param key part of the name that depends on the call; null when there is one lock for all calls
 * @param waitTime null for the general one
 * @param fallback null unless {@code onFailure} is {@code FALLBACK}
 * @param injections parameters that take the lease or its token
 */
record LockedMethod(
        Method method,
        LockMode mode,
        String name,
        @Nullable Expression key,
        @Nullable Duration waitTime,
        OnFailure onFailure,
        OnLost onLost,
        @Nullable Method fallback,
        Result result,
        List<Injection> injections) {

    /** How the end of the method shows. */
    enum Result {
        /** It is over when the call returns. */
        VALUE,
        /** As {@link #VALUE}; "nothing" is an empty {@code Optional}. */
        OPTIONAL,
        /** It is over when the {@code CompletionStage} that the call returns is complete. */
        STAGE
    }

    /** What a parameter takes. */
    enum Injected {
        LEASE,
        TOKEN
    }

    /** A parameter, by its index, and what it takes. */
    record Injection(int parameter, Injected what) {}

    /** As people write it, for messages. */
    String describe() {
        return MethodNames.describe(method);
    }
}
