package io.coord.spring.lock;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.SessionLostException;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import io.coord.spring.lock.LockedMethod.Injection;
import io.coord.spring.lock.LockedMethod.Result;
import io.coord.spring.method.LossGuard;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
 * Runs locked methods: key, lock, method, loss, release, on the thread of the call. A method that returns a stage is released by
 * whichever thread completes it.
 *
 * <p>Thread-safe: has no state of its own.
 */
final class LockInterceptor implements MethodInterceptor {

    private static final Logger logger = LoggerFactory.getLogger(LockInterceptor.class);

    private final LockedMethods methods;
    private final LockKeys keys;
    private final Duration defaultWait;
    private final Supplier<ReadWriteLocks> locks;
    private final Supplier<LockObserver> observer;
    private final OpenTransactionWarning openTransactions = new OpenTransactionWarning();

    LockInterceptor(
            LockedMethods methods,
            LockKeys keys,
            Duration defaultWait,
            Supplier<ReadWriteLocks> locks,
            Supplier<LockObserver> observer) {
        this.methods = methods;
        this.keys = keys;
        this.defaultWait = defaultWait;
        this.locks = locks;
        this.observer = observer;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Object target = Objects.requireNonNull(call.getThis(), "a locked method belongs to an object");
        LockedMethod locked = methods.find(call.getMethod(), AopUtils.getTargetClass(target));
        if (locked == null) {
            return call.proceed();
        }
        String key = keys.of(locked, target, call.getArguments());
        ReadWriteLocks registry = locks.get();
        String path = key == null ? registry.path(locked.name()) : registry.path(locked.name(), key);
        Holding outer = Leases.find(registry, path);
        if (outer != null) {
            return runNested(call, locked, outer);
        }
        openTransactions.check(locked, path);
        Holding holding;
        try {
            holding = acquire(locked, path, registry);
        } catch (LockNotAcquiredException e) {
            return doInstead(call, target, locked, e);
        }
        return run(call, locked, holding);
    }

    private Holding acquire(LockedMethod locked, String path, ReadWriteLocks registry) {
        Duration wait = Objects.requireNonNullElse(locked.waitTime(), defaultWait);
        LockObserver.Waiting waiting = observer.get().onWaiting(locked.name(), locked.mode());
        Optional<Lease> lease;
        try {
            lease = registry.at(path, locked.mode()).acquire(wait);
        } catch (ConnectionLossException | RequestTimeoutException | SessionLostException e) {
            waiting.onError();
            throw new LockNotAcquiredException(locked.describe(), locked.mode(), path, wait, e);
        } catch (RuntimeException | Error e) {
            waiting.onError();
            throw e;
        }
        if (lease.isEmpty()) {
            waiting.onTimeout();
            throw new LockNotAcquiredException(locked.describe(), locked.mode(), path, wait, null);
        }
        LockObserver.Held held = waiting.onAcquired();
        lease.get().onLost(lost -> {
            held.onLost();
            logger.warn("Lost the {} lock {} while {} runs", locked.mode(), path, locked.describe());
        });
        return new Holding(registry, path, locked.mode(), lease.get(), held);
    }

    private @Nullable Object doInstead(
            MethodInvocation call, Object target, LockedMethod locked, LockNotAcquiredException reason)
            throws Throwable {
        if (locked.onFailure() != OnFailure.THROW && reason.getCause() != null) {
            logger.warn("{}", reason.getMessage());
        }
        return switch (locked.onFailure()) {
            case SKIP ->
                switch (locked.result()) {
                    case VALUE -> null;
                    case OPTIONAL -> Optional.empty();
                    case STAGE -> CompletableFuture.completedFuture(null);
                };
            case FALLBACK ->
                AopUtils.invokeJoinpointUsingReflection(
                        target, Objects.requireNonNull(locked.fallback()), call.getArguments());
            case THROW, DEFAULT -> throw reason;
        };
    }

    private @Nullable Object runNested(MethodInvocation call, LockedMethod locked, Holding outer) throws Throwable {
        if (!outer.mode().covers(locked.mode())) {
            throw new IllegalStateException(
                    locked.describe() + " asks for the write lock " + outer.path()
                            + " on a thread that holds it as a reader, and would wait for itself for ever. Take the write lock first.");
        }
        if (isLost(outer, locked)) {
            throw new LockLostException(locked.describe(), outer.path(), null);
        }
        outer.retain();
        return run(call, locked, outer);
    }

    private static @Nullable Object run(MethodInvocation call, LockedMethod locked, Holding holding) throws Throwable {
        Object result = null;
        Throwable failure = null;
        LossGuard guard = locked.onLost() == OnLost.INTERRUPT
                ? new LossGuard(task -> holding.lease().onLost(lost -> task.run()))
                : null;
        Leases.enter(holding);
        try {
            inject(call, locked, holding.lease());
            result = call.proceed();
        } catch (Throwable e) {
            failure = e;
        } finally {
            Leases.exit();
            if (guard != null) {
                guard.end();
            }
        }
        if (locked.result() == Result.STAGE && result != null) {
            return HeldStage.of((CompletionStage<?>) result, locked, holding);
        }
        boolean lost = isLost(holding, locked);
        holding.release();
        if (lost) {
            throw new LockLostException(locked.describe(), holding.path(), failure);
        }
        if (failure != null) {
            throw failure;
        }
        return result;
    }

    /** Whether the lock was lost and the method wants to know. */
    static boolean isLost(Holding holding, LockedMethod locked) {
        return locked.onLost() != OnLost.IGNORE && holding.lease().state() == LeaseState.LOST;
    }

    private static void inject(MethodInvocation call, LockedMethod locked, Lease lease) {
        if (locked.injections().isEmpty()) {
            return;
        }
        Object[] arguments = call.getArguments().clone();
        for (Injection injection : locked.injections()) {
            arguments[injection.parameter()] = switch (injection.what()) {
                case LEASE -> lease;
                case TOKEN -> new FencingToken(lease.fencingToken());
            };
        }
        ((ProxyMethodInvocation) call).setArguments(arguments);
    }
}
