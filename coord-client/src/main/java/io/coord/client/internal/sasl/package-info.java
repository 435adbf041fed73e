/**
 * Who a client is, shown by a mechanism of SASL. A conversation belongs to the client's network thread.
 */
@NullMarked
package io.coord.client.internal.sasl;

import org.jspecify.annotations.NullMarked;
