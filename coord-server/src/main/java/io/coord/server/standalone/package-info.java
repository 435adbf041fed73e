/**
 * The server as a process of its own. The main thread starts it and waits for its end; the JVM's shutdown thread closes it. Only
 * here are system properties and environment variables looked at.
 */
@NullMarked
package io.coord.server.standalone;

import org.jspecify.annotations.NullMarked;
