package io.coord.spring.leader;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.util.StringValueResolver;

/**
 * Lets the methods that carry {@link LeaderOnly} run only where this application leads. Checks the annotations of a class when its
 * first bean is made. Thread-safe.
 */
public final class LeaderAdvisor extends StaticMethodMatcherPointcutAdvisor {

    private final transient LeaderMethods methods;

    /**
     * @param placeholders replaces placeholders in annotations; throws IllegalArgumentException for one that has no value
     * @param roles asked at the first call of such a method, not before
     * @param order among the advice of a method; it should come before locks and transactions
     */
    public LeaderAdvisor(StringValueResolver placeholders, Supplier<LeaderRoles> roles, int order) {
        this.methods = new LeaderMethods(placeholders);
        setOrder(order);
        setClassFilter(methods::any);
        setAdvice(new LeaderInterceptor(methods, roles));
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return methods.find(method, targetClass) != null;
    }

    /** The roles that beans made so far name. */
    public Set<String> roles() {
        return methods.roles();
    }
}
