package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import io.coord.spring.lock.LockedMethod.Injected;
import io.coord.spring.lock.LockedMethod.Injection;
import io.coord.spring.method.AnnotatedMethods;
import io.coord.spring.method.AttributeReader;
import io.coord.spring.method.ReturnKind;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.KotlinDetector;
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

    static final Set<Class<? extends Annotation>> ANNOTATIONS =
            Set.of(ReadLock.class, WriteLock.class, DistributedLock.class, Permit.class);

    private final ExpressionParser expressions = new SpelExpressionParser();
    private final AnnotatedMethods<LockedMethod> methods = new AnnotatedMethods<>(ANNOTATIONS, this::read);

    /** The first method seen for each name, to notice that another one treats the same name differently. */
    private final Map<String, LockedMethod> byName = new ConcurrentHashMap<>();

    private final AttributeReader attributes;
    private final OnFailure defaultOnFailure;
    private final OnLost defaultOnLost;

    LockedMethods(StringValueResolver placeholders, OnFailure defaultOnFailure, OnLost defaultOnLost) {
        this.attributes = new AttributeReader(placeholders, InvalidLockAnnotationException::new);
        this.defaultOnFailure = defaultOnFailure;
        this.defaultOnLost = defaultOnLost;
    }

    /**
     * Whether the class has locked methods.
     *
     * @throws InvalidLockAnnotationException if one of them is declared wrongly
     */
    boolean any(Class<?> type) {
        return methods.any(type);
    }

    /** Whether any class so far had locked methods. */
    boolean foundAny() {
        return !byName.isEmpty();
    }

    /** The annotation of {@code method} when it is called on a {@code targetClass}; null when it has none. */
    @Nullable
    LockedMethod find(Method method, Class<?> targetClass) {
        return methods.find(method, targetClass);
    }

    private @Nullable LockedMethod read(Method method, Class<?> type) {
        List<LockAttributes> declared = LockAttributes.of(method);
        if (declared.isEmpty()) {
            return null;
        }
        if (declared.size() > 1) {
            throw invalid(
                    method,
                    "it has both @" + declared.get(0).annotation() + " and @"
                            + declared.get(1).annotation(),
                    "Keep one of them; @WriteLock excludes readers too. Where two locks are needed, let one method call another.");
        }
        LockedMethod locked = check(method, type, declared.get(0));
        compareWithNamesakes(locked);
        return locked;
    }

    private LockedMethod check(Method method, Class<?> type, LockAttributes declared) {
        attributes.requireProxy(method, type);
        ReturnKind returns = returns(method);
        OnFailure action = onFailure(method, declared.onFailure(), declared.fallback());
        if (action == OnFailure.SKIP && returns == ReturnKind.PRIMITIVE) {
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
                declared.mode(),
                attributes.name(
                        method,
                        "name",
                        declared.name(),
                        "lock",
                        "Name the lock, such as @" + declared.annotation()
                                + "(name = \"stock\"). The name cannot come from the method, because all methods that use the same"
                                + " thing must use the same one."),
                declared.mode() == LockMode.PERMIT ? limit(method, declared) : 0,
                key(method, declared.key()),
                waitTime(method, declared.waitTime()),
                action,
                onLost(method, declared.onLost(), declared.lossCallback()),
                action == OnFailure.FALLBACK ? fallback(method, type, declared.fallback()) : null,
                LeaseCallback.ofLoss(method, type, declared.lossCallback()),
                LeaseCallback.ofRequest(method, type, declared.onReleaseRequested()),
                returns,
                injections(method));
    }

    private static ReturnKind returns(Method method) {
        if (KotlinDetector.isSuspendingFunction(method)) {
            throw invalid(
                    method,
                    "it is a suspending function, and the lock would be released at its first suspension",
                    "Lock a blocking method or one that returns a CompletionStage, a Mono or a Flux.");
        }
        ReturnKind returns = ReturnKind.of(method.getReturnType());
        if (returns == ReturnKind.UNKNOWN) {
            throw invalid(
                    method,
                    "it returns a " + method.getReturnType().getSimpleName()
                            + ", and the lock would be released before what that stands for has happened",
                    "Return a CompletableFuture, CompletionStage, Mono or Flux, which hold the lock until they end.");
        }
        return returns;
    }

    private int limit(Method method, LockAttributes declared) {
        String text = attributes.text(method, "limitString", declared.limitString());
        if (text.isEmpty() == (declared.limit() == 0)) {
            throw invalid(
                    method,
                    text.isEmpty()
                            ? "it does not say how many permits there are"
                            : "it says twice how many permits there are",
                    "Use limit, such as limit = 5, or limitString with a placeholder, such as \"${licences.limit:5}\".");
        }
        int limit;
        try {
            limit = text.isEmpty() ? declared.limit() : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid(method, "its limitString '" + text + "' is no number", "Use a number of at least 1.");
        }
        if (limit < 1) {
            throw invalid(method, "its limit is " + limit, "Use a number of at least 1.");
        }
        return limit;
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

    private OnLost onLost(Method method, OnLost declared, String callback) {
        boolean named = StringUtils.hasText(callback);
        if (named && declared != OnLost.DEFAULT && declared != OnLost.CALLBACK) {
            throw invalid(
                    method,
                    "it names the callback '" + callback + "' for a loss but says onLost = " + declared,
                    "Remove one of the two.");
        }
        if (declared == OnLost.CALLBACK && !named) {
            throw invalid(
                    method, "it says onLost = CALLBACK but names no method to call", "Name it: lossCallback = \"…\".");
        }
        if (named) {
            return OnLost.CALLBACK;
        }
        return declared == OnLost.DEFAULT ? defaultOnLost : declared;
    }

    private @Nullable Expression key(Method method, String declared) {
        if (declared.isEmpty()) {
            return null;
        }
        String key = attributes.text(method, "key", declared);
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
        String wait = attributes.text(method, "waitTime", declared);
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
        if (namesake == null) {
            return;
        }
        if (!namesake.mode().isOfOneKindWith(locked.mode())) {
            throw invalid(
                    locked.method(),
                    "'" + locked.name() + "' names a " + locked.mode().noun() + " in " + locked.describe() + " and a "
                            + namesake.mode().noun() + " in " + namesake.describe()
                            + ", which are two things that do not exclude each other",
                    "Use annotations of one kind, or two names.");
        }
        if (namesake.limit() != locked.limit()) {
            throw invalid(
                    locked.method(),
                    "there are " + locked.limit() + " permits '" + locked.name() + "' in " + locked.describe() + " and "
                            + namesake.limit() + " in " + namesake.describe(),
                    "Use the same limit in both, or two names.");
        }
        if ((namesake.key() == null) != (locked.key() == null)) {
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
