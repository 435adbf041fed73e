/** Health of the connection. Read by the threads that ask for it, from what the client knows already. */
@NullMarked
package io.coord.spring.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
