package io.coord.spring.lock;

import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.LockedMethod.Injected;
import io.coord.spring.lock.LockedMethod.Injection;
import io.coord.spring.lock.LockedMethod.Result;
import io.coord.spring.method.ProxyObstacle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * The locked methods of each class, found and checked when the first bean of the class is made, so that a mistake stops the start of
 * the application and not a call in the night.
 *
 * <p>Thread-safe: concurrent maps of immutable values.
 */
final class LockedMethods {

    private static final List<Class<? extends java.lang.annotation.Annotation>> ANNOTATIONS =
            List.of(ReadLock.class, WriteLock.class);

    private final ExpressionParser expressions = new SpelExpressionParser();
    private final Map<Class<?>, Map<Method, LockedMethod>> byClass = new ConcurrentHashMap<>();

    /** The first method seen for each name, to notice that another one treats the same name differently. */
    private final Map<String, LockedMethod> byName = new ConcurrentHashMap<>();

    private final StringValueResolver placeholders;
    private final OnFailure defaultOnFailure;
    private final OnLost defaultOnLost;

    LockedMethods(StringValueResolver placeholders, OnFailure defaultOnFailure, OnLost defaultOnLost) {
        this.placeholders = placeholders;
        this.defaultOnFailure = defaultOnFailure;
        this.defaultOnLost = defaultOnLost;
    }

    /**
     * Whether the class has locked methods.
     *
     * @throws InvalidLockAnnotationException if one of them is declared wrongly
     */
    boolean any(Class<?> type) {
        return !of(type).isEmpty();
    }

    /** Whether any class so far had locked methods. */
    boolean foundAny() {
        return !byName.isEmpty();
    }

    /** The annotation of {@code method} when it is called on a {@code targetClass}; null when it has none. */
    @Nullable
    LockedMethod find(Method method, Class<?> targetClass) {
        Map<Method, LockedMethod> methods = of(targetClass);
        return methods.isEmpty() ? null : methods.get(AopUtils.getMostSpecificMethod(method, userClass(targetClass)));
    }

    private Map<Method, LockedMethod> of(Class<?> type) {
        Class<?> userClass = userClass(type);
        Map<Method, LockedMethod> known = byClass.get(userClass);
        if (known == null) {
            known = inspect(userClass);
            byClass.put(userClass, known);
        }
        return known;
    }

    private static Class<?> userClass(Class<?> type) {
        return ClassUtils.getUserClass(type);
    }

    private Map<Method, LockedMethod> inspect(Class<?> type) {
        if (!AnnotationUtils.isCandidateClass(type, ANNOTATIONS)) {
            return Map.of();
        }
        try {
            return Map.copyOf(MethodIntrospector.selectMethods(
                    type, (MethodIntrospector.MetadataLookup<LockedMethod>) method -> read(method, type)));
        } catch (IllegalStateException | LinkageError e) {
            // Configuration classes of frameworks may mention classes that are not there. A class of the application
            // that
            // cannot be read might have locks, and must not run without them.
            if (type.getName().startsWith("org.springframework.boot.")) {
                return Map.of();
            }
            throw e;
        }
    }

    private @Nullable LockedMethod read(Method method, Class<?> type) {
        ReadLock read = AnnotatedElementUtils.findMergedAnnotation(method, ReadLock.class);
        WriteLock write = AnnotatedElementUtils.findMergedAnnotation(method, WriteLock.class);
        if (read != null && write != null) {
            throw invalid(
                    method,
                    "it has both @ReadLock and @WriteLock",
                    "Keep one of them; @WriteLock excludes readers too.");
        }
        LockedMethod locked = null;
        if (read != null) {
            locked = read(
                    method,
                    type,
                    LockMode.READ,
                    read.name(),
                    read.key(),
                    read.waitTime(),
                    read.onFailure(),
                    read.fallback(),
                    read.onLost());
        } else if (write != null) {
            locked = read(
                    method,
                    type,
                    LockMode.WRITE,
                    write.name(),
                    write.key(),
                    write.waitTime(),
                    write.onFailure(),
                    write.fallback(),
                    write.onLost());
        }
        if (locked != null) {
            compareWithNamesakes(locked);
        }
        return locked;
    }

    private LockedMethod read(
            Method method,
            Class<?> type,
            LockMode mode,
            String name,
            String key,
            String wait,
            OnFailure onFailure,
            String fallback,
            OnLost onLost) {
        ProxyObstacle obstacle = ProxyObstacle.of(method, type);
        if (obstacle != null) {
            throw invalid(method, obstacle.problem(), obstacle.action());
        }
        Result result = result(method);
        OnFailure action = onFailure(method, onFailure, fallback);
        if (action == OnFailure.SKIP && isPrimitive(method.getReturnType())) {
            throw invalid(
                    method,
                    "it is skipped when it does not get its lock, and returns the primitive type "
                            + method.getReturnType() + ", which has no value for \"skipped\"",
                    "Return "
                            + ClassUtils.resolvePrimitiveIfNecessary(method.getReturnType())
                                    .getSimpleName()
                            + " or an Optional, or use onFailure = THROW or FALLBACK.");
        }
        return new LockedMethod(
                method,
                mode,
                name(method, name),
                key(method, key),
                waitTime(method, wait),
                action,
                onLost == OnLost.DEFAULT ? defaultOnLost : onLost,
                action == OnFailure.FALLBACK ? fallback(method, type, fallback) : null,
                result,
                injections(method));
    }

    private static Result result(Method method) {
        Class<?> type = method.getReturnType();
        if (KotlinDetector.isSuspendingFunction(method)) {
            throw invalid(
                    method,
                    "it is a suspending function, and the lock would be released at its first suspension",
                    "Lock a blocking method or one that returns a CompletionStage.");
        }
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return Result.STAGE;
        }
        ReactiveAdapterRegistry reactive = ReactiveAdapterRegistry.getSharedInstance();
        if (Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type)
                || (reactive.hasAdapters() && reactive.getAdapter(type) != null)) {
            throw invalid(
                    method,
                    "it returns a " + type.getSimpleName()
                            + ", and the lock would be released before what that stands for has happened",
                    "Return a CompletableFuture or CompletionStage, which hold the lock until they are complete.");
        }
        return type == Optional.class ? Result.OPTIONAL : Result.VALUE;
    }

    private static boolean isPrimitive(Class<?> type) {
        return type.isPrimitive() && type != void.class;
    }

    private OnFailure onFailure(Method method, OnFailure declared, String fallback) {
        boolean named = StringUtils.hasText(fallback);
        if (named && (declared == OnFailure.THROW || declared == OnFailure.SKIP)) {
            throw invalid(
                    method,
                    "it names the fallback method '" + fallback + "' but says onFailure = " + declared,
                    "Remove one of the two.");
        }
        if (declared == OnFailure.FALLBACK && !named) {
            throw invalid(
                    method, "it says onFailure = FALLBACK but names no fallback method", "Name it: fallback = \"…\".");
        }
        if (named) {
            return OnFailure.FALLBACK;
        }
        return declared == OnFailure.DEFAULT ? defaultOnFailure : declared;
    }

    private String name(Method method, String declared) {
        String name = resolve(method, "name", declared);
        if (!StringUtils.hasText(name)) {
            throw invalid(
                    method,
                    "its lock has no name",
                    "Name the lock, such as @WriteLock(\"stock\"). The name cannot come from the method, because readers and"
                            + " writers of the same thing must use the same one.");
        }
        try {
            ZnodePath.validate("/" + name);
        } catch (InvalidPathException e) {
            throw invalid(
                    method,
                    "'" + name + "' cannot be the name of a lock: " + e.getMessage(),
                    "Use one or more elements of a path, such as 'stock' or 'shop/stock'.");
        }
        return name;
    }

    private @Nullable Expression key(Method method, String declared) {
        if (declared.isEmpty()) {
            return null;
        }
        String key = resolve(method, "key", declared);
        try {
            return expressions.parseExpression(key);
        } catch (ParseException e) {
            throw invalid(
                    method,
                    "its key '" + key + "' is no SpEL expression: " + e.getMessage(),
                    "Write a parameter as '#id', a text as \"'text'\".");
        }
    }

    private @Nullable Duration waitTime(Method method, String declared) {
        String wait = resolve(method, "waitTime", declared);
        if (wait.isEmpty()) {
            return null;
        }
        Duration duration;
        try {
            duration = DurationStyle.detectAndParse(wait);
        } catch (IllegalArgumentException e) {
            throw invalid(method, "its waitTime '" + wait + "' is no duration", "Write it as '5s', '500ms' or 'PT5S'.");
        }
        if (duration.isNegative()) {
            throw invalid(method, "its waitTime '" + wait + "' is negative", "Use '0' to try once without waiting.");
        }
        return duration;
    }

    private String resolve(Method method, String attribute, String declared) {
        try {
            String resolved = placeholders.resolveStringValue(declared);
            return resolved == null ? "" : resolved.trim();
        } catch (IllegalArgumentException e) {
            throw invalid(
                    method,
                    "its " + attribute + " '" + declared + "' has a placeholder without a value: " + e.getMessage(),
                    "Set the property, or give the placeholder a default: ${key:default}.");
        }
    }

    private static Method fallback(Method method, Class<?> type, String name) {
        Method fallback = ReflectionUtils.findMethod(type, name, method.getParameterTypes());
        if (fallback == null || Modifier.isStatic(fallback.getModifiers())) {
            throw invalid(
                    method,
                    "its fallback '" + name + "' is no instance method of " + type.getName()
                            + " with the same parameters",
                    "Add one, with the parameters of the locked method in the same order.");
        }
        if (!ClassUtils.isAssignable(method.getReturnType(), fallback.getReturnType())) {
            throw invalid(
                    method,
                    "its fallback '" + name + "' returns "
                            + fallback.getReturnType().getSimpleName() + ", not "
                            + method.getReturnType().getSimpleName(),
                    "Let both methods return the same type.");
        }
        if (fallback.equals(method)) {
            throw invalid(method, "it is its own fallback", "Name another method.");
        }
        ReflectionUtils.makeAccessible(fallback);
        return fallback;
    }

    private static List<Injection> injections(Method method) {
        List<Injection> injections = new ArrayList<>();
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            if (types[i] == Lease.class) {
                injections.add(new Injection(i, Injected.LEASE));
            } else if (types[i] == FencingToken.class) {
                injections.add(new Injection(i, Injected.TOKEN));
            }
        }
        return List.copyOf(injections);
    }

    private void compareWithNamesakes(LockedMethod locked) {
        LockedMethod namesake = byName.putIfAbsent(locked.name(), locked);
        if (namesake != null && (namesake.key() == null) != (locked.key() == null)) {
            LockedMethod keyed = locked.key() == null ? namesake : locked;
            LockedMethod keyless = locked.key() == null ? locked : namesake;
            throw invalid(
                    locked.method(),
                    "the lock '" + locked.name() + "' has a key in " + keyed.describe() + " and none in "
                            + keyless.describe() + ", so that the two methods do not exclude each other",
                    "Use the key in both, or two names.");
        }
    }

    private static InvalidLockAnnotationException invalid(Method method, String problem, String action) {
        return new InvalidLockAnnotationException(method, problem, action);
    }
}
