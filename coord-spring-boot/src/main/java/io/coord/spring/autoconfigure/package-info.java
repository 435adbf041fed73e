/**
 * Client bean and what it is configured with. Beans are created on the thread that refreshes the application context; nothing here
 * has a thread of its own.
 */
@NullMarked
package io.coord.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
