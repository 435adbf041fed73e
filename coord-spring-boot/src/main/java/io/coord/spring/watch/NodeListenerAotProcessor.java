package io.coord.spring.watch;

import io.coord.spring.method.InvokedMethodsAotProcessor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Set;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/** Keeps in a native image the methods that are told of nodes, and the values that they take, which are read from JSON. */
final class NodeListenerAotProcessor extends InvokedMethodsAotProcessor {

    private final BindingReflectionHintsRegistrar values = new BindingReflectionHintsRegistrar();

    NodeListenerAotProcessor() {
        super(Set.of(NodeListener.class));
    }

    @Override
    protected void register(Method method, ReflectionHints hints) {
        for (int i = 0; i < method.getParameterCount(); i++) {
            ResolvableType parameter = ResolvableType.forMethodParameter(new MethodParameter(method, i));
            Type value = parameter.resolve() == NodeChange.class
                    ? parameter.getGeneric().getType()
                    : parameter.getType();
            values.registerReflectionHints(hints, value);
        }
    }
}
