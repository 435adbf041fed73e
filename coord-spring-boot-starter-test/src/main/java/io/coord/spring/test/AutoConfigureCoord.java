package io.coord.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.test.context.TestPropertySource;

/**
 * Gives the application of a test a server and {@link CoordFaults}, whatever {@code coord.connect-string} says; for {@code @SpringBootTest}
 * and other tests. {@link CoordTest} has it. The server comes too late for {@code spring.config.import=coord:}, which imports nothing.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("coord-test")
@TestPropertySource(properties = "coord.config.enabled=false")
public @interface AutoConfigureCoord {

    /** Which server. */
    CoordTestServer server() default CoordTestServer.PER_CONTEXT;
}
