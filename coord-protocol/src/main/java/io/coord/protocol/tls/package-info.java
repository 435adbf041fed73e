/**
 * Keys and certificates of either side of a TLS connection: from files or elsewhere to the JDK's {@code SSLContext}. Both
 * sides read the same files, so both find them here. Free of threads; loading blocks on files.
 */
@NullMarked
package io.coord.protocol.tls;

import org.jspecify.annotations.NullMarked;
