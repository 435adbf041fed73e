/**
 * The way from the network thread to user code: {@code CallbackQueue} runs tasks serially on a pool whose threads refuse
 * blocking calls. Any thread may post; the pool's threads run.
 */
@NullMarked
package io.coord.client.internal.callback;

import org.jspecify.annotations.NullMarked;
