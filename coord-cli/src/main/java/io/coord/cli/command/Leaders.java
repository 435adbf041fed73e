package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.StatText;
import io.coord.cli.output.TextTable;
import io.coord.recipes.leader.Election;
import io.coord.recipes.leader.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Who leads and who would be next. */
@Command(
        name = "leaders",
        header = "Who leads, and who would be next",
        description = {
            "All elections by leader latches, Coord's and Curator's, at a path or below it. Leader selectors stand in queues like a lock's: name "
                    + "such a path itself."
        })
final class Leaders extends ShellCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "path", description = "Where to look; everywhere by default.")
    private String path = "/";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        TreeReader reader = new TreeReader(shell, shell.client(), false);
        List<String> elections = new ArrayList<>(new QueueFinder(reader, QueueFinder.LATCH).below(path));
        if (elections.isEmpty() && isSelector(reader)) {
            elections.add(path);
        }
        TextTable table = new TextTable("ELECTION", "STATE", "ID", "SESSION", "FENCING TOKEN");
        boolean any = false;
        for (String each : elections) {
            List<Participant> candidates = TreeReader.await(Election.participants(shell.client(), each));
            if (shell.output().isJson()) {
                printJson(shell, each, candidates);
            }
            for (Participant one : candidates) {
                any = true;
                table.row(
                        each,
                        one.leader() ? "LEADS" : "WAITS",
                        one.id(),
                        StatText.hex(one.sessionId()),
                        String.valueOf(one.fencingToken()));
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

    private boolean isSelector(TreeReader reader) throws InterruptedException {
        Pattern place = QueueFinder.LOCK;
        return reader.read(path).names().stream()
                .anyMatch(name -> place.matcher(name).find());
    }

    private static void printJson(Shell shell, String election, List<Participant> candidates) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Participant each : candidates) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("id", each.id());
            json.put("leader", each.leader());
            json.put("path", each.path());
            json.put("session", StatText.hex(each.sessionId()));
            json.put("fencingToken", each.fencingToken());
            all.add(json);
        }
        Map<String, @Nullable Object> json = Json.object();
        json.put("election", election);
        json.put("candidates", all);
        shell.output().json(json);
    }
}
