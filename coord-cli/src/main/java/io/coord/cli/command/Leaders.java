package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.StatText;
import io.coord.cli.output.TextTable;
import io.coord.recipes.lock.LockParticipant;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Who leads and who would be next. */
@Command(
        name = "leaders",
        header = "Who leads, and who would be next",
        description = {
            "All elections by leader latches and leader selectors, Coord's and Curator's, at a path or below it. Selectors stand in queues like a "
                    + "mutex's: such a queue counts as an election when all in it tell an id, where mutexes tell a host. Candidates of "
                    + "Curator's that were given no id cannot be told from a mutex, unless you name the path itself."
        })
final class Leaders extends ShellCommand {
    private enum Kind {
        LATCH,
        SELECTOR
    }

    @Parameters(index = "0", arity = "0..1", paramLabel = "path", description = "Where to look; everywhere by default.")
    private String path = "/";

    private boolean any;

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        TreeReader reader = new TreeReader(shell, shell.client(), false);
        TextTable table = new TextTable("ELECTION", "KIND", "STATE", "ID", "SESSION", "FENCING TOKEN");
        for (String each : new QueueFinder(reader, QueueFinder.ELECTION).below(path)) {
            List<LockParticipant> queue = Locks.readable(shell, each);
            Kind kind = kind(each, queue);
            if (kind != null) {
                any = true;
                show(shell, table, each, kind, queue);
            }
        }
        if (!shell.output().isJson()) {
            if (any) {
                shell.output().table(table);
            } else {
                shell.output().line("Nobody stands for election at or below " + path);
            }
        }
        return ExitCode.DONE;
    }

    /** Null when it is no election, or nobody stands there any more. */
    private @Nullable Kind kind(String queue, List<LockParticipant> candidates) {
        if (candidates.isEmpty()) {
            return null;
        }
        if (QueueFinder.LATCH.matcher(candidates.get(0).name()).find()) {
            return Kind.LATCH;
        }
        return queue.equals(path) || candidates.stream().allMatch(Leaders::tellsAnId) ? Kind.SELECTOR : null;
    }

    /** A mutex has its host there, as JSON or as an address, or nothing; who asks for its place has written over it. */
    private static boolean tellsAnId(LockParticipant each) {
        return each.kind() == LockParticipant.Kind.EXCLUSIVE
                && each.data().length > 0
                && each.holder().isEmpty()
                && !each.isReleaseRequested()
                && Json.text(each.data()) != null;
    }

    private static String id(LockParticipant candidate) {
        return new String(candidate.data(), StandardCharsets.UTF_8);
    }

    /** Whoever came first leads, whatever the kind. */
    private static void show(
            Shell shell, TextTable table, String election, Kind kind, List<LockParticipant> candidates) {
        if (shell.output().isJson()) {
            printJson(shell, election, kind, candidates);
            return;
        }
        for (int i = 0; i < candidates.size(); i++) {
            LockParticipant each = candidates.get(i);
            table.row(
                    election,
                    kind.name(),
                    i == 0 ? "LEADS" : "WAITS",
                    id(each),
                    StatText.hex(each.sessionId()),
                    String.valueOf(each.fencingToken()));
        }
    }

    private static void printJson(Shell shell, String election, Kind kind, List<LockParticipant> candidates) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (LockParticipant each : candidates) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("id", id(each));
            json.put("leader", all.isEmpty());
            json.put("path", each.path());
            json.put("session", StatText.hex(each.sessionId()));
            json.put("fencingToken", each.fencingToken());
            all.add(json);
        }
        Map<String, @Nullable Object> json = Json.object();
        json.put("election", election);
        json.put("kind", kind.name());
        json.put("candidates", all);
        shell.output().json(json);
    }
}
