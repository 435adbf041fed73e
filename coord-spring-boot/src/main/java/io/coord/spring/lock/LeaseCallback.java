package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import io.coord.spring.method.BeanMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/** A method of a bean that is told of a lease which another method of that bean runs under. Thread-safe: immutable. */
record LeaseCallback(Method method) {

    private static final Set<Class<?>> OF_LOSS = Set.of(Lease.class, FencingToken.class, LockLostException.class);
    private static final Set<Class<?>> OF_REQUEST = Set.of(Lease.class, FencingToken.class);

    /**
     * Of a loss.
     *
     * @param name as declared; null is returned when it is empty
     * @throws InvalidLockAnnotationException when there is no such method, or it cannot be called
     */
    static @Nullable LeaseCallback ofLoss(Method locked, Class<?> type, String name) {
        return of(locked, type, "lossCallback", name, OF_LOSS);
    }

    /** As {@link #ofLoss}, for somebody's request. */
    static @Nullable LeaseCallback ofRequest(Method locked, Class<?> type, String name) {
        return of(locked, type, "onReleaseRequested", name, OF_REQUEST);
    }

    private static @Nullable LeaseCallback of(
            Method locked, Class<?> type, String attribute, String name, Set<Class<?>> known) {
        if (!StringUtils.hasText(name)) {
            return null;
        }
        List<Method> named = Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
                .filter(each -> each.getName().equals(name) && !each.isBridge())
                .toList();
        List<Method> callable = named.stream()
                .filter(each -> !Modifier.isStatic(each.getModifiers())
                        && each.getReturnType() == void.class
                        && known.containsAll(Arrays.asList(each.getParameterTypes())))
                .toList();
        if (callable.size() != 1) {
            String parameters =
                    known.stream().map(Class::getSimpleName).sorted().collect(Collectors.joining(", "));
            throw new InvalidLockAnnotationException(
                    locked,
                    "its " + attribute + " '" + name + "' is "
                            + (callable.isEmpty()
                                    ? "no method of " + type.getName() + " that can be called"
                                    : "more than one method of " + type.getName()),
                    (named.isEmpty() ? "Add one" : callable.isEmpty() ? "Change it" : "Keep one of them")
                            + ": an instance method that returns void and whose parameters, if it has any, are of the types "
                            + parameters + ".");
        }
        Method method = callable.get(0);
        ReflectionUtils.makeAccessible(method);
        return new LeaseCallback(method);
    }

    /**
     * Runs on the calling thread; what the method throws is logged.
     *
     * @param loss null when nothing was lost
     */
    void call(Object bean, Lease lease, @Nullable LockLostException loss) {
        Class<?>[] types = method.getParameterTypes();
        @Nullable Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] == Lease.class) {
                arguments[i] = lease;
            } else if (types[i] == FencingToken.class) {
                arguments[i] = new FencingToken(lease.fencingToken());
            } else {
                arguments[i] = loss;
            }
        }
        new BeanMethod(bean, method).call(arguments);
    }
}
