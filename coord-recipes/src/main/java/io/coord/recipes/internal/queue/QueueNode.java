package io.coord.recipes.internal.queue;

import io.coord.protocol.data.Stat;

/**
 * A znode in a queue, as a view from outside reads it.
 *
 * @param data as the client reads them, or as the server has them where it cannot
 */
public record QueueNode(String path, QueueEntry entry, Stat stat, byte[] data) {}
