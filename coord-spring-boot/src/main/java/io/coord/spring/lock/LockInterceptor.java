package io.coord.spring.lock;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;

/**
 * Runs locked methods on the thread of the call; those that return a {@code Mono} or {@code Flux} where {@link LockedPublisher} says.
 *
 * <p>Thread-safe: has no state of its own.
 */
final class LockInterceptor implements MethodInterceptor {

    private static final Logger logger = LoggerFactory.getLogger(LockInterceptor.class);

    private final LockedMethods methods;
    private final LockKeys keys;
    private final Duration defaultWait;
    private final Supplier<NamedLocks> locks;
    private final LockedCalls calls;

    LockInterceptor(
            LockedMethods methods, LockKeys keys, Duration defaultWait, Supplier<NamedLocks> locks, LockedCalls calls) {
        this.methods = methods;
        this.keys = keys;
        this.defaultWait = defaultWait;
        this.locks = locks;
        this.calls = calls;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Object target = Objects.requireNonNull(call.getThis(), "a locked method belongs to an object");
        LockedMethod locked = methods.find(call.getMethod(), AopUtils.getTargetClass(target));
        if (locked == null) {
            return call.proceed();
        }
        return switch (locked.returns()) {
            case MONO, FLUX -> publisher((ProxyMethodInvocation) call, target, locked);
            case STAGE -> now((ProxyMethodInvocation) call, target, locked, true);
            case VALUE, PRIMITIVE, OPTIONAL, UNKNOWN -> now((ProxyMethodInvocation) call, target, locked, false);
        };
    }

    private @Nullable Object now(ProxyMethodInvocation call, Object target, LockedMethod locked, boolean stage)
            throws Throwable {
        LockRequest request = request(locked, target, call.getArguments());
        Holding holding;
        try {
            holding = calls.enter(request);
        } catch (LockNotAcquiredException e) {
            return doInstead(call, target, locked, e);
        }
        if (stage) {
            return calls.runAsync(request, holding, lease -> {
                call.setArguments(locked.inject(call.getArguments(), lease));
                return (CompletionStage<?>) call.proceed();
            });
        }
        return calls.run(request, holding, lease -> {
            call.setArguments(locked.inject(call.getArguments(), lease));
            return call.proceed();
        });
    }

    private Object publisher(ProxyMethodInvocation call, Object target, LockedMethod locked) {
        @Nullable Object[] arguments = call.getArguments();
        return LockedPublisher.of(
                locked.returns(),
                calls,
                () -> request(locked, target, arguments),
                lease -> call.invocableClone(locked.inject(arguments, lease)).proceed(),
                failure -> doInstead(call, target, locked, failure));
    }

    private LockRequest request(LockedMethod locked, Object target, @Nullable Object[] arguments) {
        String key = keys.of(locked, target, arguments);
        NamedLocks registry = locks.get();
        return new LockRequest(
                locked.describe(),
                locked.mode(),
                locked.name(),
                key,
                key == null ? registry.path(locked.name()) : registry.path(locked.name(), key),
                locked.limit(),
                Objects.requireNonNullElse(locked.waitTime(), defaultWait),
                locked.onLost(),
                calls(locked, target),
                registry);
    }

    private static LockRequest.Calls calls(LockedMethod locked, Object target) {
        LeaseCallback lost = locked.lossCallback();
        LeaseCallback asked = locked.askedCallback();
        return lost == null && asked == null
                ? LockRequest.Calls.NONE
                : new LockRequest.Calls(
                        lost == null ? null : (lease, loss) -> lost.call(target, lease, loss),
                        asked == null ? null : lease -> asked.call(target, lease, null));
    }

    private static @Nullable Object doInstead(
            MethodInvocation call, Object target, LockedMethod locked, LockNotAcquiredException reason)
            throws Throwable {
        if (locked.onFailure() != OnFailure.THROW && reason.getCause() != null) {
            logger.warn("{}", reason.getMessage());
        }
        return switch (locked.onFailure()) {
            case SKIP -> locked.returns().nothing();
            case FALLBACK ->
                AopUtils.invokeJoinpointUsingReflection(
                        target, Objects.requireNonNull(locked.fallback()), call.getArguments());
            case THROW, DEFAULT -> throw reason;
        };
    }
}
