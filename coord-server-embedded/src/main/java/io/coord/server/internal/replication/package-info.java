/**
 * The port between the server and whatever makes a write durable and orders it, and the commands that go through it.
 * {@link io.coord.server.internal.replication.Replicator#submit} and all callbacks belong to the owner thread.
 */
@NullMarked
package io.coord.server.internal.replication;

import org.jspecify.annotations.NullMarked;
