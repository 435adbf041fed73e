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
            "Asked by the four-letter words srvr and, for the number of sessions, mntr, each server by itself, as soon as it answers and at most for "
                    + "5 seconds. Lag is how many changes it is behind the first of them; sessions are those of the whole ensemble, "
                    + "connections its own.",
            "Ends with 1 when one of them is not well or, of several that form an ensemble, none leads; with 3 when none answers."
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
        if (all.stream().noneMatch(ServerStatus::answered)) {
            return ExitCode.CANNOT_CONNECT;
        }
        if (isWithoutLeader(all)) {
            shell.output().note("None of these servers leads; name all members to see whether one does");
            return ExitCode.REFUSED;
        }
        return all.stream().allMatch(ServerStatus::isOk) ? ExitCode.DONE : ExitCode.REFUSED;
    }

    /** One member alone may well be asked about itself. */
    private static boolean isWithoutLeader(List<ServerStatus> all) {
        return all.size() > 1
                && all.stream().anyMatch(each -> each.role().equals("follower"))
                && all.stream().noneMatch(each -> each.role().equals(ServerStatus.LEADER));
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
                lag(each, newest),
                each.sessions() < 0 ? "?" : String.valueOf(each.sessions()),
                each.figure("Connections"),
                each.figure("Outstanding"),
                each.figure("Latency min/avg/max"),
                each.figure("Node count"),
                each.health());
    }

    private static String lag(ServerStatus each, long newest) {
        Long lag = each.lag(newest);
        if (lag != null) {
            return lag.toString();
        }
        return each.isOfOlderEpoch(newest) ? "an epoch" : "?";
    }

    private static Map<String, @Nullable Object> json(ServerStatus each, long newest) {
        Map<String, @Nullable Object> json = Json.object();
        json.put("server", each.server().toString());
        json.put("health", each.health());
        json.put("role", each.role());
        json.put("zxid", each.zxid() < 0 ? null : each.zxid());
        json.put("lag", each.lag(newest));
        json.put("sessions", each.sessions() < 0 ? null : each.sessions());
        json.put("figures", each.figures());
        return json;
    }
}
