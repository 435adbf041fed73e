package io.coord.spring.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches when the servers run where one of the values says. Without {@code coord.mode} that is elsewhere when there is a connect string or
 * a {@link CoordConnectionDetails} bean, else in this process.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnCoordModeCondition.class)
public @interface ConditionalOnCoordMode {

    /** One of them is enough. */
    CoordMode[] value();
}
