/**
 * Jute's primitive types over a Netty buffer. A reader or writer belongs to the thread that created it; each length and
 * count is checked against the bytes that are really there before anything is allocated for it.
 */
@NullMarked
package io.coord.protocol.wire;

import org.jspecify.annotations.NullMarked;
