/**
 * Configuration that lives on the servers: imported before there is a context, followed while the application runs. What is imported
 * belongs to the main thread first and then to the thread "coord-config-refresh", which also publishes the events.
 */
@NullMarked
package io.coord.spring.config;

import org.jspecify.annotations.NullMarked;
