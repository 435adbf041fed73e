/**
 * {@code zoo.cfg} and the JVM flags that go with it, read into the server's configuration. Plain values; used by the thread that
 * starts the server, before there is one.
 */
@NullMarked
package io.coord.server.config;

import org.jspecify.annotations.NullMarked;
