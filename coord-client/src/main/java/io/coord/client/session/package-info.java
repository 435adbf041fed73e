/**
 * The session as its user sees it: states, events, lease, and the executors that callbacks run on. Callbacks never run on
 * the network thread.
 */
@NullMarked
package io.coord.client.session;

import org.jspecify.annotations.NullMarked;
