package io.coord.spring.test;

import io.coord.client.spi.ValueCodec;
import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.discovery.ServiceInstanceCustomizer;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** What is scanned for {@link CoordTest}. */
final class CoordTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<CoordTest> {

    CoordTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return Set.of(CoordClientCustomizer.class, ServiceInstanceCustomizer.class, ValueCodec.class);
    }
}
