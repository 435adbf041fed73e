/** A server inside the application. Started and stopped by the thread that starts and stops the application context. */
@NullMarked
package io.coord.spring.autoconfigure.embedded;

import org.jspecify.annotations.NullMarked;
