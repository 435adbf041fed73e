package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.StatText;
import io.coord.cli.output.TextTable;
import io.coord.client.error.NoAuthException;
import io.coord.recipes.lock.HolderDescription;
import io.coord.recipes.lock.LockParticipant;
import io.coord.recipes.lock.LockQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Who holds locks and who waits. */
@Command(
        name = "locks",
        header = "Who holds locks, who waits, since when and for whom",
        description = {
            "All locks, read-write locks and semaphores at a path or below it: those of Coord's recipes and of Curator's. Who it is, a "
                    + "client says itself; since when, the server's clock does."
        })
final class Locks extends ShellCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "path", description = "Where to look; everywhere by default.")
    private String path = "/";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        TreeReader reader = new TreeReader(shell, shell.client(), false);
        TextTable table = new TextTable("LOCK", "PLACE", "KIND", "STATE", "FOR", "WAITS FOR", "WHO", "SESSION");
        boolean any = false;
        for (String each : new QueueFinder(reader, QueueFinder.LOCK).below(path)) {
            List<LockParticipant> queue = readable(shell, each);
            if (shell.output().isJson()) {
                printJson(shell, each, queue);
            } else {
                queue.forEach(one -> row(table, each, one));
            }
            any |= !queue.isEmpty();
        }
        if (!shell.output().isJson()) {
            if (any) {
                shell.output().table(table);
            } else {
                shell.output().line("Nobody holds a lock or waits for one at or below " + path);
            }
        }
        return ExitCode.DONE;
    }

    /** Empty, with a note, when this shell may not read it. */
    static List<LockParticipant> readable(Shell shell, String queue) {
        try {
            return new LockQueue(shell.client(), queue).participants();
        } catch (NoAuthException e) {
            shell.output().note(Failures.text(e));
            return List.of();
        }
    }

    private static void row(TextTable table, String lock, LockParticipant each) {
        String waitsFor = each.waitsFor();
        table.row(
                lock,
                place(each.name()),
                each.kind().name(),
                each.holding() ? "HOLDS" : "WAITS",
                Durations.text(age(each)),
                waitsFor == null ? "" : place(waitsFor),
                who(each),
                StatText.hex(each.sessionId()));
    }

    private static Duration age(LockParticipant each) {
        return Duration.between(each.since(), Instant.now());
    }

    /** The number that orders the queue, for names that have one. */
    private static String place(String name) {
        return name.length() > 10 ? name.substring(name.length() - 10) : name;
    }

    private static String who(LockParticipant each) {
        return each.isReleaseRequested()
                ? "(asked to give it up)"
                : each.holder().map(Locks::describe).orElse("");
    }

    private static String describe(HolderDescription holder) {
        List<String> parts = new ArrayList<>();
        parts.add(holder.host());
        if (holder.processId() != 0) {
            parts.add("pid " + holder.processId());
        }
        if (!holder.thread().isEmpty()) {
            parts.add(holder.thread());
        }
        if (!holder.purpose().isEmpty()) {
            parts.add('"' + holder.purpose() + '"');
        }
        return String.join(", ", parts);
    }

    private static void printJson(Shell shell, String lock, List<LockParticipant> queue) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (LockParticipant each : queue) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("name", each.name());
            json.put("kind", each.kind().name());
            json.put("holding", each.holding());
            json.put("waitsFor", each.waitsFor());
            json.put("since", each.since().toString());
            json.put("ageMs", age(each).toMillis());
            json.put("session", StatText.hex(each.sessionId()));
            json.put("fencingToken", each.fencingToken());
            each.holder().ifPresent(who -> {
                json.put("host", who.host());
                json.put("pid", who.processId());
                json.put("thread", who.thread());
                json.put("purpose", who.purpose());
            });
            all.add(json);
        }
        Map<String, @Nullable Object> json = Json.object();
        json.put("lock", lock);
        json.put("queue", all);
        shell.output().json(json);
    }
}
