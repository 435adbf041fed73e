/**
 * Actuator endpoints. They run on the threads of the requests that they answer; {@code coord} and {@code coordservices} from what is known
 * already, the others by asking the servers.
 */
@NullMarked
package io.coord.spring.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
