/**
 * One record for each wire record that a client may send, named as in {@code zookeeper.jute}, with decode and encode side
 * by side. Immutable, so free of threads.
 */
@NullMarked
package io.coord.protocol.request;

import org.jspecify.annotations.NullMarked;
