package io.coord.spring.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches unless the property says that a part is switched off. What is neither yes nor no stops the start: an application that takes
 * its locks from here must not begin without them because of a slip of the pen.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnCoordEnabledCondition.class)
public @interface ConditionalOnCoordEnabled {

    /** Name of the property. */
    String value() default "coord.enabled";
}
