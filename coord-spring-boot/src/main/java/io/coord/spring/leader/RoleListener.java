package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.method.MethodNames;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A method of a bean that is told of a role.
 *
 * @param bean through its proxy, where it has one
 * @param ofLeader whether it is told of the beginning, not of the end
 */
record RoleListener(Object bean, Method method, boolean ofLeader) {

    private static final Logger logger = LoggerFactory.getLogger(RoleListener.class);

    void tell(Leadership leadership) {
        try {
            if (method.getParameterCount() == 0) {
                method.invoke(bean);
            } else {
                method.invoke(bean, leadership);
            }
        } catch (InvocationTargetException e) {
            logger.warn("{} failed", MethodNames.describe(method), e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a method that was made accessible", e);
        }
    }
}
