package io.coord.spring.lock;

import io.coord.spring.method.AnnotatedMethods;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * Keeps in a native image what is reached by reflection only: the methods of beans with locks, among them the fallbacks, and the
 * methods of the parameters that keys read.
 */
final class LockedBeanAotProcessor implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        Set<Method> locked = AnnotatedMethods.named(type, LockedMethods.ANNOTATIONS);
        if (locked.isEmpty()) {
            return null;
        }
        return (generation, code) -> register(generation.getRuntimeHints().reflection(), type, locked);
    }

    private static void register(ReflectionHints hints, Class<?> type, Set<Method> locked) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            hints.registerType(each, MemberCategory.INVOKE_DECLARED_METHODS, MemberCategory.ACCESS_DECLARED_FIELDS);
        }
        for (Class<?> declaring : ClassUtils.getAllInterfacesForClassAsSet(type)) {
            hints.registerType(declaring, MemberCategory.INVOKE_DECLARED_METHODS);
        }
        for (Method method : locked) {
            for (Class<?> parameter : method.getParameterTypes()) {
                if (!parameter.isPrimitive()) {
                    hints.registerType(
                            parameter, MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.ACCESS_PUBLIC_FIELDS);
                }
            }
        }
    }
}
