package io.coord.spring.discovery;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Called when the instances of a service change:
 *
 * <pre>{@code
 * @ServiceListener("payment")
 * void onPayment(ServiceChange change) { … }
 *
 * @ServiceListener("payment")
 * void route(List<ServiceInstance<InstanceDetails>> present) { … }
 * }</pre>
 *
 * <p>It is called first once the context is ready, with the instances that are there, and not any more when the application stops,
 * before its roles are given up. Without a connection nothing is called; afterwards what has changed meanwhile.
 *
 * <p>The method takes nothing or a {@link ServiceChange}, and is called for each instance; or a {@code List} of {@link
 * io.coord.recipes.discovery.ServiceInstance}, and is called once for all changes at a time with the instances that are there now, sorted by
 * service and id. Their payload is that of the application's {@link io.coord.recipes.discovery.ServiceDirectory}, {@link InstanceDetails}
 * unless it has one of its own.
 *
 * <p>Calls of one method come one after the other on a thread of their own, which may use the client and block as it likes. A method
 * that is slower than the changes is not told each state in between. What it throws is logged and changes nothing.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ServiceListener {

    /** Same as {@link #service()}. */
    @AliasFor("service")
    String value() default "";

    /** Name of the service. Placeholders ({@code ${…}}) are replaced. If empty, all services. */
    @AliasFor("value")
    String service() default "";

    /** Which changes are told; a method that takes a list is called when there was one of them. */
    ServiceChange.Type[] types() default {
        ServiceChange.Type.ADDED, ServiceChange.Type.UPDATED, ServiceChange.Type.REMOVED
    };
}
