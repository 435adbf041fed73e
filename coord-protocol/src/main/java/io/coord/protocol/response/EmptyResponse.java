package io.coord.protocol.response;

import io.coord.protocol.wire.WireWriter;

/** Answers what has nothing to say but that it is done: delete, check, ping, auth, setWatches, checkWatches, removeWatches, close. */
public record EmptyResponse() implements Response {
    public static final EmptyResponse INSTANCE = new EmptyResponse();

    @Override
    public void encode(WireWriter out) {}
}
