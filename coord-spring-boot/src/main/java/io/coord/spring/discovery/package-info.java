/** This application as an instance of its service. Its lifecycle belongs to the thread that starts and stops the context. */
@NullMarked
package io.coord.spring.discovery;

import org.jspecify.annotations.NullMarked;
