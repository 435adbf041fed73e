package io.coord.spring.leader;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Called when this application has become the leader of a role.
 *
 * <p>The method may take as long as it likes, as a leader that works until it is told to stop: when the role is lost, or the application
 * stops, its thread is interrupted, and {@link OnFollower} methods run once it has returned.
 *
 * <p>The method has no parameter, or one of type {@link io.coord.recipes.leader.Leadership}, whose generation tells times of leading
 * apart. All methods of one role run on one thread, one after the other, in the order of the changes; it is no thread of the client, so
 * they may use it as they like. What they throw is logged. Naming a role makes the application a candidate, as with
 * {@link LeaderOnly}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface OnLeader {

    /** Same as {@link #role()}. */
    @AliasFor("role")
    String value() default "";

    /**
     * Name of the role: one or more elements of a path below {@code coord.leader.root}. Placeholders ({@code ${…}}) are replaced.
     * Mandatory.
     */
    @AliasFor("value")
    String role() default "";
}
