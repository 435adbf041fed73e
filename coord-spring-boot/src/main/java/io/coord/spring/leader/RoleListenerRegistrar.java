package io.coord.spring.leader;

import io.coord.recipes.leader.Leadership;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringValueResolver;

/**
 * Finds the methods of beans that carry {@link OnLeader} or {@link OnFollower}, checks them and has them told. Runs on the threads that
 * make beans.
 */
public final class RoleListenerRegistrar implements BeanPostProcessor {

    private final StringValueResolver placeholders;
    private final BeanFactory beans;
    private final Supplier<LeaderRoles> roles;

    /**
     * @param placeholders replaces placeholders in annotations; throws IllegalArgumentException for one that has no value
     * @param roles asked when the first such bean is made, not before
     */
    public RoleListenerRegistrar(StringValueResolver placeholders, BeanFactory beans, Supplier<LeaderRoles> roles) {
        this.placeholders = placeholders;
        this.beans = beans;
        this.roles = roles;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        if (!type.getName().startsWith("org.springframework.")
                && AnnotationUtils.isCandidateClass(type, Set.of(OnLeader.class, OnFollower.class))) {
            register(bean, beanName, type, OnLeader.class);
            register(bean, beanName, type, OnFollower.class);
        }
        return bean;
    }

    private void register(Object bean, String beanName, Class<?> type, Class<? extends Annotation> annotation) {
        Map<Method, String> found = MethodIntrospector.selectMethods(
                type, (MethodIntrospector.MetadataLookup<String>) method -> role(method, annotation));
        found.forEach((method, role) -> {
            check(method, annotation, beanName);
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            ReflectionUtils.makeAccessible(invocable);
            roles.get()
                    .candidate(LeaderMethods.role(method, role, placeholders))
                    .add(new RoleListener(bean, invocable, annotation == OnLeader.class));
        });
    }

    private static @Nullable String role(Method method, Class<? extends Annotation> annotation) {
        Annotation found = AnnotatedElementUtils.findMergedAnnotation(method, annotation);
        return found instanceof OnLeader leader
                ? leader.role()
                : found instanceof OnFollower follower ? follower.role() : null;
    }

    private void check(Method method, Class<? extends Annotation> annotation, String beanName) {
        String named = "@" + annotation.getSimpleName();
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length > 1 || (parameters.length == 1 && parameters[0] != Leadership.class)) {
            throw new InvalidLeaderAnnotationException(
                    method,
                    "it has parameters that " + named + " does not know",
                    "Take no parameter, or one of type " + Leadership.class.getName() + ".");
        }
        if (Modifier.isStatic(method.getModifiers())) {
            throw new InvalidLeaderAnnotationException(
                    method, "it is static and belongs to no bean", "Make it a method of the bean.");
        }
        if (beans.containsBean(beanName) && !beans.isSingleton(beanName)) {
            throw new InvalidLeaderAnnotationException(
                    method,
                    "its bean '" + beanName + "' is no singleton, and one for each instance would be told for ever",
                    "Move it to a singleton.");
        }
    }
}
