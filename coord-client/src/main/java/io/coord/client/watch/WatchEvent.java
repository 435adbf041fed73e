package io.coord.client.watch;

import io.coord.protocol.data.EventType;

/**
 * A change that a watch tells of.
 *
 * <pre>{@code
 * Watcher watcher = (WatchEvent event) -> {
 *     if (event.type() == EventType.NODE_DELETED) {
 *         use(event.path(), event.zxid());
 *     }
 * };
 * }</pre>
 *
 * @param path of the znode that changed, without chroot and namespace
 * @param zxid of the change; -1 when the server found it out by comparing after a reconnect
 */
public record WatchEvent(EventType type, String path, long zxid) {}
