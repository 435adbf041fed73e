package io.coord.spring.leader;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Runs the method only in the application that leads, such as a {@code @Scheduled} job that must run once and not in every instance:
 *
 * <pre>{@code
 * @LeaderOnly("reports")
 * @Scheduled(cron = "0 0 3 * * *")
 * void writeReports() { … }
 * }</pre>
 *
 * <p>The name of a role in an annotation makes the application a candidate for it: it contends once its context is ready, and gives up
 * when the application stops, before requests are drained. One application has one candidate for each role, whoever names it.
 *
 * <p>A leader can lose its role while the method runs: when the session ends, another one leads. The thread is interrupted then. What
 * must not be written by two leaders needs the fencing token or {@link io.coord.recipes.leader.Leadership#guarded}: take a parameter of
 * type {@link io.coord.recipes.leader.Leadership}, for which the caller passes {@code null}.
 *
 * <p>As with all of Spring's annotations on methods, calls within the same object are not noticed.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface LeaderOnly {

    /** Same as {@link #role()}. */
    @AliasFor("role")
    String value() default "";

    /**
     * Name of the role: one or more elements of a path below {@code coord.leader.root}. Placeholders ({@code ${…}}) are replaced.
     * Mandatory.
     */
    @AliasFor("value")
    String role() default "";

    /** What a call does where another one leads, and where it is not certain who does. */
    Otherwise otherwise() default Otherwise.SKIP;
}
