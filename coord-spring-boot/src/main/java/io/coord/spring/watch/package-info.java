/** Local copies of znodes. Listeners of a copy run on the client's callback threads. */
@NullMarked
package io.coord.spring.watch;

import org.jspecify.annotations.NullMarked;
