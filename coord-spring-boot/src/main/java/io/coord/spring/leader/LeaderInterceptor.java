package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.method.LossGuard;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/** Runs a method where this application leads, and interrupts it when that is over. Thread-safe. */
final class LeaderInterceptor implements MethodInterceptor {

    private final LeaderMethods methods;
    private final Supplier<LeaderRoles> roles;

    LeaderInterceptor(LeaderMethods methods, Supplier<LeaderRoles> roles) {
        this.methods = methods;
        this.roles = roles;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Object target = Objects.requireNonNull(call.getThis(), "an instance method has an instance");
        LeaderMethod method = methods.find(call.getMethod(), target.getClass());
        if (method == null) {
            return call.proceed();
        }
        Optional<Leadership> leadership = roles.get().candidate(method.role()).leadership();
        if (leadership.isEmpty()) {
            if (method.otherwise() == Otherwise.THROW) {
                throw new NotLeaderException(method.describe(), method.role());
            }
            return method.returns().nothing();
        }
        return run(call, method, leadership.get());
    }

    private static @Nullable Object run(MethodInvocation call, LeaderMethod method, Leadership leadership)
            throws Throwable {
        if (method.leadershipParameter() >= 0) {
            Object[] arguments = call.getArguments().clone();
            arguments[method.leadershipParameter()] = leadership;
            ((ProxyMethodInvocation) call).setArguments(arguments);
        }
        LossGuard guard = new LossGuard(task -> leadership.onLost(lost -> task.run()));
        try {
            return call.proceed();
        } finally {
            guard.end();
        }
    }
}
