package io.coord.spring.method;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A method of a bean that is called when something happens. What it throws is logged and disturbs nobody else.
 *
 * @param bean through its proxy, where it has one
 * @param method accessible
 */
public record BeanMethod(Object bean, Method method) {

    private static final Logger logger = LoggerFactory.getLogger(BeanMethod.class);

    /**
     * Runs on the calling thread.
     *
     * @return what it threw, which is in the log now; null when it threw nothing
     */
    public @Nullable Throwable call(@Nullable Object... arguments) {
        try {
            method.invoke(bean, arguments);
            return null;
        } catch (InvocationTargetException e) {
            logger.warn("{} failed", MethodNames.describe(method), e.getCause());
            return e.getCause();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a method that was made accessible", e);
        }
    }
}
