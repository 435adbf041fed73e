package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.error.CoordException;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.InvalidPathException;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** What an endpoint answers that asks the servers first. */
final class ServersAnswer {

    private static final String PROBLEM = "problem";

    private ServersAnswer() {}

    /** 404 for a znode that is not there, 400 for a path that is none, 503 when the servers do not answer or refuse. */
    static WebEndpointResponse<Object> of(Supplier<Object> question) {
        try {
            return new WebEndpointResponse<>(question.get());
        } catch (NoNodeException e) {
            return problem(WebEndpointResponse.STATUS_NOT_FOUND, e);
        } catch (InvalidPathException e) {
            return problem(WebEndpointResponse.STATUS_BAD_REQUEST, e);
        } catch (CoordException e) {
            return problem(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, e);
        }
    }

    private static WebEndpointResponse<Object> problem(int status, RuntimeException failure) {
        return new WebEndpointResponse<>(Map.of(PROBLEM, String.valueOf(failure.getMessage())), status);
    }
}
