package io.coord.spring.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods of beans that want to be told of something. Runs on the threads that make beans.
 *
 * @param <M> what is known of one method
 */
public abstract class ListenerRegistrar<M> implements BeanPostProcessor {

    private final AnnotatedMethods<M> methods;
    private final AttributeReader.Refusal refusal;
    private final BeanFactory beans;

    protected ListenerRegistrar(AnnotatedMethods<M> methods, AttributeReader.Refusal refusal, BeanFactory beans) {
        this.methods = methods;
        this.refusal = refusal;
        this.beans = beans;
    }

    /** Has a method told from now on. */
    protected abstract void register(M declared, BeanMethod method);

    @Override
    public final Object postProcessAfterInitialization(Object bean, String beanName) {
        methods.of(AopUtils.getTargetClass(bean)).forEach((method, declared) -> {
            check(method, beanName);
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            ReflectionUtils.makeAccessible(invocable);
            register(declared, new BeanMethod(bean, invocable));
        });
        return bean;
    }

    private void check(Method method, String beanName) {
        if (Modifier.isStatic(method.getModifiers())) {
            throw refusal.of(method, "it is static and belongs to no bean", "Make it a method of the bean.");
        }
        if (beans.containsBean(beanName) && !beans.isSingleton(beanName)) {
            throw refusal.of(
                    method,
                    "its bean '" + beanName + "' is no singleton, and one for each instance would be told for ever",
                    "Move it to a singleton.");
        }
    }
}
