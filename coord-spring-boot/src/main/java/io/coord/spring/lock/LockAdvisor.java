package io.coord.spring.lock;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEvent;
import org.springframework.expression.BeanResolver;
import org.springframework.util.StringValueResolver;

/**
 * Puts {@link ReadLock}, {@link WriteLock}, {@link DistributedLock} and {@link Permit} around the methods that carry them. Checks the
 * annotations of a class when its first bean is made. Thread-safe.
 */
public final class LockAdvisor extends StaticMethodMatcherPointcutAdvisor implements DisposableBean {

    private final transient LockedMethods methods;
    private final transient LockedCalls calls;

    /**
     * @param placeholders replaces placeholders in annotations; throws IllegalArgumentException for one that has no value
     * @param beans for SpEL expressions that speak of beans
     * @param locks asked at the first call of a locked method, not before
     * @param observer likewise
     * @param events where it is published that somebody asks for a lock
     */
    public LockAdvisor(
            LockSettings settings,
            StringValueResolver placeholders,
            BeanResolver beans,
            Supplier<NamedLocks> locks,
            Supplier<LockObserver> observer,
            Consumer<ApplicationEvent> events) {
        this.methods = new LockedMethods(placeholders, settings.onFailure(), settings.onLost());
        this.calls = new LockedCalls(observer, new HoldWarnings(settings.holdWarning()), new LeaseCalls(events));
        setOrder(settings.order());
        setClassFilter(methods::any);
        setAdvice(new LockInterceptor(methods, new LockKeys(beans), settings.waitTime(), locks, calls));
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return methods.find(method, targetClass) != null;
    }

    /** Whether a bean with a locked method was made so far. */
    public boolean isInUse() {
        return methods.foundAny();
    }

    /** Shared with {@link LockTemplate}: whatever takes a lock on a thread knows of the others there. */
    LockedCalls calls() {
        return calls;
    }

    /** The context is ready, so that beans may be told of their locks. */
    public void start() {
        calls.start();
    }

    /**
     * Nobody is told anything any more.
     *
     * @param patience how long to wait for methods that are being told
     */
    public void stop(Duration patience) {
        calls.stop(patience);
    }

    @Override
    public void destroy() {
        calls.close();
    }
}
