/**
 * TLS between a connector and the frames. Handlers belong to the network thread; the arithmetic of handshakes and the reading of
 * files are done on {@code coord-client-tls} threads, which all clients of the process share.
 */
@NullMarked
package io.coord.client.internal.tls;

import org.jspecify.annotations.NullMarked;
