package io.coord.spring.watch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * Called with what a znode holds, and again whenever that changes:
 *
 * <pre>{@code
 * @NodeListener("/shop/prices")
 * void use(@Nullable Prices prices) { … }
 *
 * @NodeListener(path = "/shop/orders", depth = 1, types = NodeChange.Type.CREATED)
 * void ship(NodeChange<Order> order) { … }
 * }</pre>
 *
 * <p>It is called first once the context is ready, for each node that is there, and not any more when the application stops, before its
 * roles are given up and its caches are closed. Without a connection nothing is called; afterwards what has changed meanwhile.
 *
 * <p>The method takes nothing, or one of these:
 *
 * <ul>
 *   <li>a {@link NodeChange} of some type, which says what has happened to which node,
 *   <li>the value that the node holds now, {@code null} when it was deleted or has no data.
 * </ul>
 *
 * <p>A value is {@code byte[]}, a {@code String} in UTF-8, or what a bean of type {@link io.coord.client.spi.ValueCodec} for it reads;
 * everything else is JSON, read by the application's {@code JsonMapper} if it has one. The log tells of data that is no such value, and the
 * method is not called.
 *
 * <p>Calls of one method come one after the other on a thread of their own, which may use the client and block as it likes. A method
 * that is slower than the changes is told the latest state of each node, not each state in between. What it throws is logged and
 * changes nothing. No other application is told less because this one listens.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface NodeListener {

    /** {@link #depth()} of a listener to all nodes below the path. */
    int ALL_LEVELS = Integer.MAX_VALUE;

    /** Same as {@link #path()}. */
    @AliasFor("path")
    String value() default "";

    /** Path of the node, within the client's namespace. It need not exist. Placeholders ({@code ${…}}) are replaced. Mandatory. */
    @AliasFor("value")
    String path() default "";

    /** How many levels below the path are listened to as well: 0 for the node alone, 1 for its children, too. */
    int depth() default 0;

    /** Which changes are told. */
    NodeChange.Type[] types() default {NodeChange.Type.CREATED, NodeChange.Type.CHANGED, NodeChange.Type.DELETED};
}
