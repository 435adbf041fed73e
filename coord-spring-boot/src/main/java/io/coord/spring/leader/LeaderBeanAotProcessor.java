package io.coord.spring.leader;

import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Keeps in a native image the methods that are told of roles or wait for them, which are found and called by reflection. */
final class LeaderBeanAotProcessor implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        if (type.getName().startsWith("org.springframework.")
                || !AnnotationUtils.isCandidateClass(
                        type, Set.of(LeaderOnly.class, OnLeader.class, OnFollower.class))) {
            return null;
        }
        Set<Method> named = MethodIntrospector.selectMethods(
                type,
                (Method method) -> AnnotatedElementUtils.hasAnnotation(method, LeaderOnly.class)
                        || AnnotatedElementUtils.hasAnnotation(method, OnLeader.class)
                        || AnnotatedElementUtils.hasAnnotation(method, OnFollower.class));
        if (named.isEmpty()) {
            return null;
        }
        return (generation, code) -> named.forEach(
                method -> generation.getRuntimeHints().reflection().registerMethod(method, ExecutableMode.INVOKE));
    }
}
