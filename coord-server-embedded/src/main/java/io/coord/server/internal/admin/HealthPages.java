package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * For those who start and stop servers by themselves. Alive is a server whose thread answers, also while it starts; one that does
 * not should be started again. Ready is a server that serves clients, reads and writes alike.
 */
final class HealthPages {
    private final OwnerQuestions owner;
    private final ServerInspection inspection;

    HealthPages(OwnerQuestions owner, ServerInspection inspection) {
        this.owner = owner;
        this.inspection = inspection;
    }

    CompletableFuture<HttpPage.Answer> live(HttpPage.Query query) {
        return owner.ask(() -> true).handle((alive, failure) -> answer(reasonOf(failure)));
    }

    CompletableFuture<HttpPage.Answer> ready(HttpPage.Query query) {
        return owner.ask(() -> Optional.ofNullable(inspection.notReadyReason()))
                .handle((reason, failure) ->
                        answer(failure == null && reason != null ? reason.orElse(null) : reasonOf(failure)));
    }

    private static @Nullable String reasonOf(@Nullable Throwable failure) {
        return failure == null ? null : "the server's thread does not answer: " + failure;
    }

    private static HttpPage.Answer answer(@Nullable String reason) {
        if (reason == null) {
            return HttpPage.Answer.json(HttpPage.Answer.OK, Map.of("status", "UP"));
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("status", "DOWN");
        fields.put("reason", reason);
        return HttpPage.Answer.json(HttpPage.Answer.UNAVAILABLE, fields);
    }
}
