/**
 * TLS over real sockets: our client and server with each other, with ZooKeeper's and Curator's, and with those who mean no good.
 */
@NullMarked
package io.coord.verification.tls;

import org.jspecify.annotations.NullMarked;
