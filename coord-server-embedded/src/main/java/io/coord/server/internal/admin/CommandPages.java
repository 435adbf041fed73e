package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The commands as pages: each below one path, and a list of them there. */
final class CommandPages {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String BUSY = "too many operators' requests wait already";

    private final String path;
    private final AdminCommands commands;
    private final OwnerQuestions owner;
    private final ServerInspection inspection;
    private final AdminThread thread;
    private final SnapshotPage snapshot;

    /** @param path without a slash at its end */
    CommandPages(
            String path,
            AdminCommands commands,
            OwnerQuestions owner,
            ServerInspection inspection,
            AdminThread thread,
            SnapshotPage snapshot) {
        this.path = path;
        this.commands = commands;
        this.owner = owner;
        this.inspection = inspection;
        this.thread = thread;
        this.snapshot = snapshot;
    }

    CompletableFuture<HttpPage.Answer> list(HttpPage.Query query) {
        StringBuilder html = new StringBuilder();
        for (String each : commands.names()) {
            html.append("<a href=\"").append(path).append('/').append(each).append("\">");
            html.append(each).append("</a>\n<br/>\n");
        }
        return CompletableFuture.completedFuture(new HttpPage.Answer(HttpPage.Answer.OK, HTML, html.toString()));
    }

    CompletableFuture<HttpPage.Answer> run(String name, HttpPage.Query query) {
        if (SnapshotPage.NAMES.contains(name)) {
            return snapshot.get(query);
        }
        CompletableFuture<HttpPage.Answer> answer = new CompletableFuture<>();
        if (!thread.offer(() -> run(name, query.parameters(), answer))) {
            answer.complete(unavailable(name, BUSY));
        }
        return answer;
    }

    private void run(String name, Map<String, String> parameters, CompletableFuture<HttpPage.Answer> answer) {
        try {
            boolean serving = commands.needsServer(name) && Waiting.await(owner.ask(inspection::isServing));
            AdminCommands.Answer result = commands.run(name, parameters, serving);
            answer.complete(HttpPage.Answer.json(result.status(), result.fields()));
        } catch (Waiting.NoAnswerException e) {
            answer.complete(unavailable(name, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static HttpPage.Answer unavailable(String name, String error) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("command", name);
        fields.put("error", error);
        return HttpPage.Answer.json(HttpPage.Answer.UNAVAILABLE, fields);
    }
}
