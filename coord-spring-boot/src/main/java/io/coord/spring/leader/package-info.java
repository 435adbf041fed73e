/** Leader elections of an application. The listeners of an election run on the client's callback threads. */
@NullMarked
package io.coord.spring.leader;

import org.jspecify.annotations.NullMarked;
