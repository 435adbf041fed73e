package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import io.coord.spring.method.AnnotatedMethods;
import io.coord.spring.method.AttributeReader;
import io.coord.spring.method.ReturnKind;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringValueResolver;

/**
 * The {@link LeaderOnly} methods of each class, found and checked when the first bean of the class is made.
 *
 * <p>Thread-safe: concurrent maps of immutable values.
 */
final class LeaderMethods {

    private final AnnotatedMethods<LeaderMethod> methods = new AnnotatedMethods<>(Set.of(LeaderOnly.class), this::read);
    private final AttributeReader attributes;

    LeaderMethods(StringValueResolver placeholders) {
        this.attributes = attributes(placeholders);
    }

    /** Reads what annotations of this package say. */
    static AttributeReader attributes(StringValueResolver placeholders) {
        return new AttributeReader(placeholders, InvalidLeaderAnnotationException::new);
    }

    /**
     * Whether the class has such methods.
     *
     * @throws InvalidLeaderAnnotationException if one of them is declared wrongly
     */
    boolean any(Class<?> type) {
        return methods.any(type);
    }

    /** The roles that the classes seen so far name. */
    Set<String> roles() {
        return methods.all().map(LeaderMethod::role).collect(Collectors.toUnmodifiableSet());
    }

    /** The annotation of {@code method} when it is called on a {@code targetClass}; null when it has none. */
    @Nullable
    LeaderMethod find(Method method, Class<?> targetClass) {
        return methods.find(method, targetClass);
    }

    private @Nullable LeaderMethod read(Method method, Class<?> type) {
        LeaderOnly declared = AnnotatedElementUtils.findMergedAnnotation(method, LeaderOnly.class);
        if (declared == null) {
            return null;
        }
        attributes.requireProxy(method, type);
        ReturnKind returns = ReturnKind.of(method.getReturnType());
        if (declared.otherwise() == Otherwise.SKIP) {
            requireSkippable(method, returns);
        }
        return new LeaderMethod(
                method,
                role(method, declared.role(), attributes),
                declared.otherwise(),
                returns,
                Arrays.asList(method.getParameterTypes()).indexOf(Leadership.class));
    }

    /** Of any of the annotations, with its placeholders replaced. */
    static String role(Method method, String declared, AttributeReader attributes) {
        return attributes.name(method, "role", declared, "role", "Name the role, such as @LeaderOnly(\"reports\").");
    }

    private static void requireSkippable(Method method, ReturnKind returns) {
        switch (returns) {
            case VALUE, OPTIONAL, STAGE -> {}
            case PRIMITIVE, MONO, FLUX, UNKNOWN ->
                throw new InvalidLeaderAnnotationException(
                        method,
                        "it is skipped where another application leads, and returns "
                                + method.getReturnType().getSimpleName() + ", which has no value for \"skipped\"",
                        "Return void, an object, an Optional or a CompletableFuture, or use otherwise = THROW.");
        }
    }
}
