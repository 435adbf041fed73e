package io.coord.spring.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * The methods of each class that carry certain annotations, read once per class, when its first bean is made, so that a mistake stops
 * the start of the application and not a call in the night.
 *
 * <p>Thread-safe: a concurrent map of immutable maps.
 *
 * @param <M> what is known of one method
 */
public final class AnnotatedMethods<M> {

    private final Map<Class<?>, Map<Method, M>> byClass = new ConcurrentHashMap<>();
    private final Set<Class<? extends Annotation>> annotations;
    private final Reader<M> reader;

    /** Reads the annotations of one method. */
    @FunctionalInterface
    public interface Reader<M> {

        /**
         * What the annotations of the method say; null when it has none.
         *
         * @param type of the bean
         * @throws RuntimeException if they are wrong; the application does not start
         */
        @Nullable
        M read(Method method, Class<?> type);
    }

    /** @param annotations that the reader knows; classes without them are not looked into */
    public AnnotatedMethods(Set<Class<? extends Annotation>> annotations, Reader<M> reader) {
        this.annotations = annotations;
        this.reader = reader;
    }

    /**
     * Whether the class has such methods.
     *
     * @throws RuntimeException what the reader throws for a wrong one
     */
    public boolean any(Class<?> type) {
        return !of(type).isEmpty();
    }

    /** What {@code method} says when it is called on a {@code targetClass}; null when it has no such annotation. */
    public @Nullable M find(Method method, Class<?> targetClass) {
        Map<Method, M> methods = of(targetClass);
        return methods.isEmpty()
                ? null
                : methods.get(AopUtils.getMostSpecificMethod(method, ClassUtils.getUserClass(targetClass)));
    }

    /** The methods of all classes seen so far. */
    public Stream<M> all() {
        return byClass.values().stream().flatMap(methods -> methods.values().stream());
    }

    /** The methods of one class, as that class declares or inherits them. */
    public Map<Method, M> of(Class<?> type) {
        Class<?> userClass = ClassUtils.getUserClass(type);
        Map<Method, M> known = byClass.get(userClass);
        if (known == null) {
            known = select(userClass, annotations, reader);
            byClass.put(userClass, known);
        }
        return known;
    }

    /** The methods of a class that carry one of the annotations, or one that is made of them, whatever it says. */
    public static Set<Method> named(Class<?> type, Set<Class<? extends Annotation>> annotations) {
        return select(
                        type,
                        annotations,
                        (method, ignored) ->
                                annotations.stream().anyMatch(each -> AnnotatedElementUtils.hasAnnotation(method, each))
                                        ? method
                                        : null)
                .keySet();
    }

    private static <M> Map<Method, M> select(
            Class<?> type, Set<Class<? extends Annotation>> annotations, Reader<M> reader) {
        if (isSpringsOwn(type) || !AnnotationUtils.isCandidateClass(type, annotations)) {
            return Map.of();
        }
        return Map.copyOf(MethodIntrospector.selectMethods(
                type, (MethodIntrospector.MetadataLookup<M>) method -> reader.read(method, type)));
    }

    /** Hundreds in each application, some of which mention classes that are not there. Spring's samples are applications. */
    private static boolean isSpringsOwn(Class<?> type) {
        String name = type.getName();
        return name.startsWith("org.springframework.") && !name.startsWith("org.springframework.samples.");
    }
}
