/**
 * One record for each wire record that a server may send, named as in {@code zookeeper.jute}, with decode and encode side
 * by side. Immutable, so free of threads.
 */
@NullMarked
package io.coord.protocol.response;

import org.jspecify.annotations.NullMarked;
