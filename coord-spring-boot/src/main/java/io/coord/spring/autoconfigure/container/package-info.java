/**
 * Where the servers are when they run in containers that development tools or tests have started. Called by the thread that refreshes
 * the application context.
 */
@NullMarked
package io.coord.spring.autoconfigure.container;

import org.jspecify.annotations.NullMarked;
