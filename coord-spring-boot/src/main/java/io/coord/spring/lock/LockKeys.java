package io.coord.spring.lock;

import org.jspecify.annotations.Nullable;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;

/** Evaluates the keys of calls. Thread-safe: has no mutable state but the discoverer's concurrent cache. */
final class LockKeys {

    private final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();
    private final BeanResolver beans;

    LockKeys(BeanResolver beans) {
        this.beans = beans;
    }

    /**
     * The key of one call; null when the method has none.
     *
     * @throws IllegalArgumentException when the expression cannot be evaluated or gives null or an empty text
     */
    @Nullable
    String of(LockedMethod locked, Object target, @Nullable Object[] arguments) {
        Expression expression = locked.key();
        if (expression == null) {
            return null;
        }
        MethodBasedEvaluationContext context =
                new MethodBasedEvaluationContext(target, locked.method(), arguments, parameterNames);
        context.setBeanResolver(beans);
        Object key;
        try {
            key = expression.getValue(context);
        } catch (EvaluationException e) {
            throw new IllegalArgumentException(
                    describe(locked, expression) + " cannot be evaluated: " + e.getMessage(), e);
        }
        if (key == null) {
            throw new IllegalArgumentException(describe(locked, expression)
                    + " is null. Parameters go by name only in classes compiled with -parameters; '#p0' always works.");
        }
        String text = key.toString();
        if (text.isEmpty()) {
            throw new IllegalArgumentException(describe(locked, expression) + " is empty");
        }
        return text;
    }

    private static String describe(LockedMethod locked, Expression expression) {
        return "The lock key '" + expression.getExpressionString() + "' of " + locked.describe();
    }
}
