package io.coord.spring.discovery;

import io.coord.spring.method.InvokedMethodsAotProcessor;
import java.util.Set;

/** Keeps in a native image the methods that are told of services. */
final class ServiceListenerAotProcessor extends InvokedMethodsAotProcessor {

    ServiceListenerAotProcessor() {
        super(Set.of(ServiceListener.class));
    }
}
