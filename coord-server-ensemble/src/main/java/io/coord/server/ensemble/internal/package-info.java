/**
 * A server as a member of an ensemble: the port to a replicated log, on Apache Ratis. {@link
 * io.coord.server.ensemble.internal.EnsembleReplicator} belongs to the owner thread of its server; links to other members belong to a thread
 * of their own, {@code coord-ensemble}; Ratis has its own threads, which hand over, and keep the mark of what is synced.
 */
@NullMarked
package io.coord.server.ensemble.internal;

import org.jspecify.annotations.NullMarked;
