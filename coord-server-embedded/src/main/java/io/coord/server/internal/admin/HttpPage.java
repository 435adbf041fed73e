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

    /**
     * @param parameters of the query, the first value of each
     * @return completed on any thread
     */
    CompletableFuture<Answer> get(Map<String, String> parameters);

    record Answer(int status, String contentType, String body) {
        static final int OK = 200;
        static final int UNAVAILABLE = 503;
        private static final String JSON = "application/json; charset=utf-8";

        static Answer json(int status, Map<String, ?> fields) {
            return new Answer(status, JSON, Json.write(fields));
        }
    }
}
