/** What advice around annotated methods of beans has in common. Runs on the threads that call the methods. */
@NullMarked
package io.coord.spring.method;

import org.jspecify.annotations.NullMarked;
