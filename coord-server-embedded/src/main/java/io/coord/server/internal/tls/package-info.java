/**
 * TLS in front of connections: which of them speak it, their handshakes, certificates that change. Owned by the owner thread; the
 * arithmetic of handshakes and the reading of files are done on {@code coord-server-tls} threads, a few, which touch no state.
 */
@NullMarked
package io.coord.server.internal.tls;

import org.jspecify.annotations.NullMarked;
