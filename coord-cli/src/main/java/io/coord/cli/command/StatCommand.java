package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.cli.output.StatText;
import io.coord.protocol.data.Stat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints a znode's stat. */
@Command(name = "stat", header = "Prints a znode's stat")
final class StatCommand extends ShellCommand {
    @Mixin
    private WatchOption watchOption = new WatchOption();

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", hidden = true)
    private @Nullable String oldWatch;

    @Override
    ExitCode run(Shell shell) {
        watchOption.take(shell, oldWatch, "stat", "stat [-w] path");
        var request = shell.client().checkExists();
        watchOption.setOn(request, shell);
        Stat stat = request.forPath(path);
        if (stat == null) {
            throw CommandFailedException.refused("Node does not exist: " + path);
        }
        print(shell.output(), path, stat);
        return ExitCode.DONE;
    }

    static void print(Output output, String path, Stat stat) {
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("path", path);
            json.put("stat", Json.stat(stat));
            output.json(json);
        } else {
            output.lines(StatText.lines(stat));
        }
    }
}
