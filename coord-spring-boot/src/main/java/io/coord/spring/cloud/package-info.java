/**
 * Coord's services in the terms of Spring Cloud Commons and LoadBalancer, which are optional: nothing here is loaded without them. Lookups
 * are answered on the thread that asks, from the application's directory; events and followers have a thread each.
 */
@NullMarked
package io.coord.spring.cloud;

import org.jspecify.annotations.NullMarked;
