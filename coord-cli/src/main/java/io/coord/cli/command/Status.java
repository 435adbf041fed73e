package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.StatText;
import io.coord.cli.output.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** How every server of the connect string is. */
@Command(
        name = "status",
        header = "How every server of the connect string is",
        description = {
            "Asked by the four-letter words srvr and, for the number of sessions, mntr, each server by itself. Lag is how many zxids it is behind the "
                    + "first of them. Ends with 1 when one of them is not well, with 3 when none answers."
        })
final class Status extends ShellCommand {
    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        Connection.Settings settings = shell.connection().settings();
        ServerWords words = new ServerWords(settings.security());
        List<ServerStatus> all = ask(words, ServerWords.addresses(settings.servers()));
        long newest = all.stream().mapToLong(ServerStatus::zxid).max().orElse(-1);
        TextTable table = new TextTable(
                "SERVER",
                "ROLE",
                "ZXID",
                "LAG",
                "SESSIONS",
                "CONNECTIONS",
                "OUTSTANDING",
                "LATENCY",
                "ZNODES",
                "HEALTH");
        for (ServerStatus each : all) {
            if (shell.output().isJson()) {
                shell.output().json(json(each, newest));
            } else {
                row(table, each, newest);
            }
        }
        if (!shell.output().isJson()) {
            shell.output().table(table);
        }
        if (all.stream().allMatch(ServerStatus::isOk)) {
            return ExitCode.DONE;
        }
        return newest < 0 ? ExitCode.CANNOT_CONNECT : ExitCode.REFUSED;
    }

    private static List<ServerStatus> ask(ServerWords words, List<ServerWords.Address> servers)
            throws InterruptedException {
        ExecutorService askers = Executors.newFixedThreadPool(Math.min(servers.size(), 16));
        try {
            List<Future<ServerStatus>> asked = new ArrayList<>();
            for (ServerWords.Address each : servers) {
                asked.add(askers.submit(() -> ServerStatus.of(words, each)));
            }
            List<ServerStatus> all = new ArrayList<>();
            for (Future<ServerStatus> each : asked) {
                all.add(each.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw CommandFailedException.refused(String.valueOf(e.getCause()));
        } finally {
            askers.shutdownNow();
        }
    }

    private static void row(TextTable table, ServerStatus each, long newest) {
        table.row(
                each.server().toString(),
                each.role(),
                each.zxid() < 0 ? "?" : StatText.hex(each.zxid()),
                each.zxid() < 0 ? "?" : String.valueOf(newest - each.zxid()),
                each.sessions() < 0 ? "?" : String.valueOf(each.sessions()),
                each.figure("Connections"),
                each.figure("Outstanding"),
                each.figure("Latency min/avg/max"),
                each.figure("Node count"),
                each.health());
    }

    private static Map<String, @Nullable Object> json(ServerStatus each, long newest) {
        Map<String, @Nullable Object> json = Json.object();
        json.put("server", each.server().toString());
        json.put("health", each.health());
        json.put("role", each.role());
        json.put("zxid", each.zxid() < 0 ? null : each.zxid());
        json.put("lag", each.zxid() < 0 ? null : newest - each.zxid());
        json.put("sessions", each.sessions() < 0 ? null : each.sessions());
        json.put("figures", each.figures());
        return json;
    }
}
