package io.coord.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Why calls of a method cannot go through the proxy of its bean.
 *
 * @param problem as the rest of a sentence
 * @param action what to do about it
 */
public record ProxyObstacle(String problem, String action) {

    /**
     * Null when nothing is in the way.
     *
     * @param type of the bean
     */
    public static @Nullable ProxyObstacle of(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        if (Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers)) {
            return new ProxyObstacle(
                    "it is " + (Modifier.isStatic(modifiers) ? "static" : "private")
                            + ", so that calls do not go through the bean's proxy, which does what the annotation says",
                    "Move the annotation to a method that other beans call.");
        }
        if (Modifier.isFinal(modifiers) && !isInterfaceMethod(method, type)) {
            return new ProxyObstacle(
                    "it is final, so that the bean's proxy, which does what the annotation says, cannot override it",
                    "Make the method non-final.");
        }
        return null;
    }

    private static boolean isInterfaceMethod(Method method, Class<?> type) {
        return Arrays.stream(ClassUtils.getAllInterfacesForClass(type))
                .anyMatch(candidate -> ClassUtils.hasMethod(candidate, method.getName(), method.getParameterTypes()));
    }
}
