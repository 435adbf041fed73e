package io.coord.client.internal.watch;

/**
 * A watch that goes with a request.
 *
 * @param kind as it is when the request succeeds; an exists on a missing node makes it {@link WatchKind#EXIST}
 * @param serverPath with chroot and namespace
 */
public record WatchArming(WatchKind kind, String serverPath, WatchTarget target) {}
