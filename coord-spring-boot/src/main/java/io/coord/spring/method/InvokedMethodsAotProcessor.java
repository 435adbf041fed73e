package io.coord.spring.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/** Keeps in a native image the methods with certain annotations, which are found and called by reflection. */
public abstract class InvokedMethodsAotProcessor implements BeanRegistrationAotProcessor {

    private final Set<Class<? extends Annotation>> annotations;

    protected InvokedMethodsAotProcessor(Set<Class<? extends Annotation>> annotations) {
        this.annotations = annotations;
    }

    @Override
    public final @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Set<Method> named = AnnotatedMethods.named(ClassUtils.getUserClass(bean.getBeanClass()), annotations);
        if (named.isEmpty()) {
            return null;
        }
        return (generation, code) -> {
            ReflectionHints hints = generation.getRuntimeHints().reflection();
            for (Method method : named) {
                hints.registerMethod(method, ExecutableMode.INVOKE);
                register(method, hints);
            }
        };
    }

    /** What a method needs besides being called. */
    protected void register(Method method, ReflectionHints hints) {
        // Most need nothing.
    }
}
