package io.coord.spring.method;

import java.lang.reflect.Method;

/** Methods as people write them, for messages. */
public final class MethodNames {

    private MethodNames() {}

    /** Such as {@code com.example.Stock.take(String, int)}. */
    public static String describe(Method method) {
        StringBuilder text = new StringBuilder(method.getDeclaringClass().getName());
        text.append('.').append(method.getName()).append('(');
        Class<?>[] parameters = method.getParameterTypes();
        for (int i = 0; i < parameters.length; i++) {
            text.append(i == 0 ? "" : ", ").append(parameters[i].getSimpleName());
        }
        return text.append(')').toString();
    }
}
