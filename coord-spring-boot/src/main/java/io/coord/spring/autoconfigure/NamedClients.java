package io.coord.spring.autoconfigure;

import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * A bean for each client below {@code coord.clients}. Its name is that of the client and {@code CoordClient}, its qualifier the
 * client's name. It is injected only where that is asked for.
 */
final class NamedClients implements ImportBeanDefinitionRegistrar {

    private static final Bindable<Map<String, Map<String, Object>>> CLIENTS =
            Bindable.of(ResolvableType.forClassWithGenerics(
                    Map.class,
                    ResolvableType.forClass(String.class),
                    ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class)));

    private final Environment environment;

    NamedClients(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        // Their names only: values are bound, and judged, with all others.
        Binder.get(environment)
                .bind("coord.clients", CLIENTS)
                .orElse(Map.of())
                .keySet()
                .forEach(name -> {
                    RootBeanDefinition definition = new RootBeanDefinition(NamedClient.class);
                    definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
                    definition.setDefaultCandidate(false);
                    definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
                    registry.registerBeanDefinition(name + "CoordClient", definition);
                });
    }
}
