package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import io.coord.spring.method.MethodNames;
import io.coord.spring.method.ReturnKind;
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
 * @param limit of permits; 0 in other modes
 * @param key part of the name that depends on the call; null when there is one lock for all calls
 * @param waitTime null for the general one
 * @param fallback null unless {@code onFailure} is {@code FALLBACK}
 * @param lossCallback null unless {@code onLost} is {@code CALLBACK}
 * @param askedCallback called when somebody asks for the lock; null for none
 * @param injections parameters that take the lease or its token
 */
record LockedMethod(
        Method method,
        LockMode mode,
        String name,
        int limit,
        @Nullable Expression key,
        @Nullable Duration waitTime,
        OnFailure onFailure,
        OnLost onLost,
        @Nullable Method fallback,
        @Nullable LeaseCallback lossCallback,
        @Nullable LeaseCallback askedCallback,
        ReturnKind returns,
        List<Injection> injections) {

    /** What a parameter takes. */
    enum Injected {
        LEASE,
        TOKEN
    }

    /** A parameter, by its index, and what it takes. */
    record Injection(int parameter, Injected what) {}

    /** The arguments of a call with the lease and its token filled in. */
    @Nullable
    Object[] inject(@Nullable Object[] arguments, Lease lease) {
        if (injections.isEmpty()) {
            return arguments;
        }
        @Nullable Object[] injected = arguments.clone();
        for (Injection injection : injections) {
            injected[injection.parameter()] = switch (injection.what()) {
                case LEASE -> lease;
                case TOKEN -> new FencingToken(lease.fencingToken());
            };
        }
        return injected;
    }

    /** As people write it, for messages. */
    String describe() {
        return MethodNames.describe(method);
    }
}
