package io.coord.spring.leader;

import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.leader.Leadership;
import io.coord.spring.leader.LeaderMethod.Skipped;
import io.coord.spring.method.ProxyObstacle;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * The {@link LeaderOnly} methods of each class, found and checked when the first bean of the class is made.
 *
 * <p>Thread-safe: concurrent maps of immutable values.
 */
final class LeaderMethods {

    private final Map<Class<?>, Map<Method, LeaderMethod>> byClass = new ConcurrentHashMap<>();
    private final StringValueResolver placeholders;

    LeaderMethods(StringValueResolver placeholders) {
        this.placeholders = placeholders;
    }

    /**
     * Whether the class has such methods.
     *
     * @throws InvalidLeaderAnnotationException if one of them is declared wrongly
     */
    boolean any(Class<?> type) {
        return !of(type).isEmpty();
    }

    /** The roles that the classes seen so far name. */
    Set<String> roles() {
        return byClass.values().stream()
                .flatMap(methods -> methods.values().stream())
                .map(LeaderMethod::role)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The annotation of {@code method} when it is called on a {@code targetClass}; null when it has none. */
    @Nullable
    LeaderMethod find(Method method, Class<?> targetClass) {
        Map<Method, LeaderMethod> methods = of(targetClass);
        return methods.isEmpty()
                ? null
                : methods.get(AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(targetClass)));
    }

    private Map<Method, LeaderMethod> of(Class<?> type) {
        Class<?> userClass = ClassUtils.getUserClass(type);
        Map<Method, LeaderMethod> known = byClass.get(userClass);
        if (known == null) {
            known = inspect(userClass);
            byClass.put(userClass, known);
        }
        return known;
    }

    private Map<Method, LeaderMethod> inspect(Class<?> type) {
        if (type.getName().startsWith("org.springframework.")
                || !AnnotationUtils.isCandidateClass(type, LeaderOnly.class)) {
            return Map.of();
        }
        return Map.copyOf(MethodIntrospector.selectMethods(
                type, (MethodIntrospector.MetadataLookup<LeaderMethod>) method -> read(method, type)));
    }

    private @Nullable LeaderMethod read(Method method, Class<?> type) {
        LeaderOnly declared = AnnotatedElementUtils.findMergedAnnotation(method, LeaderOnly.class);
        if (declared == null) {
            return null;
        }
        ProxyObstacle obstacle = ProxyObstacle.of(method, type);
        if (obstacle != null) {
            throw new InvalidLeaderAnnotationException(method, obstacle.problem(), obstacle.action());
        }
        return new LeaderMethod(
                method,
                role(method, declared.role(), placeholders),
                declared.otherwise(),
                declared.otherwise() == Otherwise.SKIP ? skipped(method) : Skipped.NULL,
                Arrays.asList(method.getParameterTypes()).indexOf(Leadership.class));
    }

    /** Of any of the annotations, with its placeholders replaced. */
    static String role(Method method, String declared, StringValueResolver placeholders) {
        String resolved;
        try {
            resolved = placeholders.resolveStringValue(declared);
        } catch (IllegalArgumentException e) {
            throw new InvalidLeaderAnnotationException(
                    method,
                    "its role '" + declared + "' has a placeholder without a value: " + e.getMessage(),
                    "Set the property, or give the placeholder a default: ${key:default}.");
        }
        String role = resolved == null ? "" : resolved.trim();
        if (!StringUtils.hasText(role)) {
            throw new InvalidLeaderAnnotationException(
                    method, "it names no role", "Name the role, such as @LeaderOnly(\"reports\").");
        }
        try {
            ZnodePath.validate("/" + role);
        } catch (InvalidPathException e) {
            throw new InvalidLeaderAnnotationException(
                    method,
                    "'" + role + "' cannot be the name of a role: " + e.getMessage(),
                    "Use one or more elements of a path, such as 'reports' or 'shop/reports'.");
        }
        return role;
    }

    private static Skipped skipped(Method method) {
        Class<?> type = method.getReturnType();
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return Skipped.COMPLETE_STAGE;
        }
        if (type == Optional.class) {
            return Skipped.EMPTY_OPTIONAL;
        }
        ReactiveAdapterRegistry reactive = ReactiveAdapterRegistry.getSharedInstance();
        boolean promises = List.of(Future.class, CompletionStage.class, Flow.Publisher.class).stream()
                        .anyMatch(promise -> promise.isAssignableFrom(type))
                || (reactive.hasAdapters() && reactive.getAdapter(type) != null);
        if (promises || (type.isPrimitive() && type != void.class)) {
            throw new InvalidLeaderAnnotationException(
                    method,
                    "it is skipped where another application leads, and returns " + type.getSimpleName()
                            + ", which has no value for \"skipped\"",
                    "Return void, an object, an Optional or a CompletableFuture, or use otherwise = THROW.");
        }
        return Skipped.NULL;
    }
}
