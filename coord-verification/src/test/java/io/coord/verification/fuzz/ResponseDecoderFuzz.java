package io.coord.verification.fuzz;

import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.ReplyHeader;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;

/** What a client reads from its server. */
public final class ResponseDecoderFuzz {
    private static final WireForms FORMS = new WireForms(
            op -> new WireForm<>(op + " response", in -> Response.decode(op, in), Response::encode),
            new WireForm<>("connect response", ConnectResponse::decode, ConnectResponse::encode),
            new WireForm<>("reply header", ReplyHeader::decode, ReplyHeader::encode),
            new WireForm<>("watch event", WatcherEvent::decode, WatcherEvent::encode));

    private ResponseDecoderFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FORMS.check(input);
    }
}
