/** What an application may plug into the client: how to reach a server, and who counts what happens. */
@NullMarked
package io.coord.client.spi;

import org.jspecify.annotations.NullMarked;
