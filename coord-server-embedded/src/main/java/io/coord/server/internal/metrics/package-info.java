/**
 * What the server counts, under ZooKeeper's names, and the text forms of it. Plain fields that the owner thread writes;
 * others ask it for a {@link io.coord.server.internal.metrics.MetricsSnapshot}.
 */
@NullMarked
package io.coord.server.internal.metrics;

import org.jspecify.annotations.NullMarked;
