/**
 * From decoded requests to replies and events: the order within each session, the split into reads and writes, opening and
 * ending sessions, limits. Owned by the owner thread; the transport calls in, {@link
 * io.coord.server.internal.pipeline.Outbound} is the way back.
 */
@NullMarked
package io.coord.server.internal.pipeline;

import org.jspecify.annotations.NullMarked;
