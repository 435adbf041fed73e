package io.coord.server.internal.admin;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Something that can be fetched over HTTP. Called on the thread {@code coord-admin-http}, which it must not hold up. */
@FunctionalInterface
interface HttpPage {
    /** Finds the page for a path, which begins with a slash; null when there is none. */
    interface Directory extends Function<String, @Nullable HttpPage> {
        @Override
        @Nullable
        HttpPage apply(String path);
    }

    /** @return completed on any thread */
    CompletableFuture<Answer> get(Query query);

    /**
     * @param parameters of the query, the first value of each
     * @param authorization who asks, in the words of the header; null when he does not say
     */
    record Query(Map<String, String> parameters, @Nullable String authorization) {}

    /**
     * @param file what is sent instead of a body; null for the body
     * @param headers besides those that every answer has
     */
    record Answer(
            int status,
            String contentType,
            String body,
            @Nullable SentFile file,
            Map<String, String> headers) {
        static final int OK = 200;
        static final int UNAUTHORIZED = 401;
        static final int FORBIDDEN = 403;
        static final int TOO_MANY = 429;
        static final int FAILED = 500;
        static final int NOT_IMPLEMENTED = 501;
        static final int UNAVAILABLE = 503;
        private static final String JSON = "application/json; charset=utf-8";

        Answer(int status, String contentType, String body) {
            this(status, contentType, body, null, Map.of());
        }

        static Answer json(int status, Map<String, ?> fields) {
            return new Answer(status, JSON, Json.write(fields));
        }
    }
}
