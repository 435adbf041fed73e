package io.coord.recipes.internal.queue;

import java.nio.charset.StandardCharsets;

/** How somebody asks for a place in a queue: the data of the place's znode become these, as Curator's {@code Revoker} does. */
public final class ReleaseRequest {
    public static final byte[] DATA = "__REVOKE__".getBytes(StandardCharsets.UTF_8);

    private ReleaseRequest() {}
}
