package io.coord.verification.fuzz;

import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.RequestHeader;

/** What a server reads from its clients. */
public final class RequestDecoderFuzz {
    private static final WireForms FORMS = new WireForms(
            op -> new WireForm<>(op + " request", in -> Request.decode(op, in), Request::encode),
            new WireForm<>("connect request", ConnectRequest::decode, ConnectRequest::encode),
            new WireForm<>("request header", RequestHeader::decode, RequestHeader::encode));

    private RequestDecoderFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FORMS.check(input);
    }
}
