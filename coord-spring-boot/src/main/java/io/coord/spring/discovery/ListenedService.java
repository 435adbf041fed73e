package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceInstance;
import io.coord.spring.method.AttributeReader;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * What {@link ServiceListener} on one method says, checked and with its placeholders replaced.
 *
 * @param service empty for all
 */
record ListenedService(String service, Set<ServiceChange.Type> types, Takes takes) {

    /** What the method is called with. */
    enum Takes {
        NOTHING,
        CHANGE,
        INSTANCES
    }

    static @Nullable ListenedService read(Method method, AttributeReader attributes) {
        ServiceListener declared = AnnotatedElementUtils.findMergedAnnotation(method, ServiceListener.class);
        if (declared == null) {
            return null;
        }
        Set<ServiceChange.Type> types = EnumSet.noneOf(ServiceChange.Type.class);
        types.addAll(List.of(declared.types()));
        if (types.isEmpty()) {
            throw new InvalidServiceListenerException(
                    method, "its types are empty, so that it would never be called", "Leave types out, or name one.");
        }
        String service = attributes.text(method, "service", declared.service());
        if (service.indexOf('/') >= 0) {
            throw new InvalidServiceListenerException(
                    method,
                    "'" + service + "' cannot be the name of a service: it has a slash",
                    "Use the name that the service registers with, below coord.discovery.root.");
        }
        return new ListenedService(service, types, takes(method));
    }

    private static Takes takes(Method method) {
        if (method.getParameterCount() == 0) {
            return Takes.NOTHING;
        }
        ResolvableType parameter = ResolvableType.forMethodParameter(new MethodParameter(method, 0));
        if (method.getParameterCount() == 1 && parameter.resolve() == ServiceChange.class) {
            return Takes.CHANGE;
        }
        if (method.getParameterCount() == 1
                && parameter.resolve() == List.class
                && parameter.getGeneric().resolve() == ServiceInstance.class) {
            return Takes.INSTANCES;
        }
        throw new InvalidServiceListenerException(
                method,
                "it has parameters that @ServiceListener does not know",
                "Take no parameter, a ServiceChange, or a List<ServiceInstance<InstanceDetails>>.");
    }
}
