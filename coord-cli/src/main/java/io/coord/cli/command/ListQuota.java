package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.client.error.NoNodeException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a quota. */
@Command(name = "listquota", header = "Prints the quota of a znode, and what is used of it")
final class ListQuota extends ShellCommand {
    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        if (shell.client().checkExists().forPath(path) == null) {
            throw CommandFailedException.refused("the path: " + path + " does not exist.");
        }
        if (!shell.output().isJson()) {
            shell.output().line("absolute path is " + QuotaNodes.limits(path));
        }
        QuotaText quota;
        QuotaText used;
        try {
            quota = QuotaText.parse(shell.client().getData().forPath(QuotaNodes.limits(path)));
            used = QuotaText.parse(shell.client().getData().forPath(QuotaNodes.stats(path)));
        } catch (NoNodeException e) {
            throw CommandFailedException.refused("quota for " + path + " does not exist.");
        }
        if (shell.output().isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("path", path);
            json.put("quota", quota.numbers());
            json.put("used", used.numbers());
            shell.output().json(json);
        } else {
            shell.output().line("Output quota for " + path + " " + quota);
            shell.output().line("Output stat for " + path + " " + used);
        }
        return ExitCode.DONE;
    }
}
