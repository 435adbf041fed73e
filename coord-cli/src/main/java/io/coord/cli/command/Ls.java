package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.StatHolder;
import io.coord.protocol.data.Stat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists children. */
@Command(
        name = "ls",
        header = "Lists the children of a znode",
        description = "With -R the whole tree below it, a path a line.")
final class Ls extends ShellCommand {
    @Mixin
    private StatOption statOption = new StatOption();

    @Mixin
    private WatchOption watchOption = new WatchOption();

    @Option(names = "-R", description = "All levels.")
    private boolean recursive;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", hidden = true)
    private @Nullable String oldWatch;

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        watchOption.take(shell, oldWatch, "ls", "ls [-w] path");
        if (recursive) {
            listAll(shell);
            return ExitCode.DONE;
        }
        StatHolder stat = new StatHolder();
        var request = shell.client().getChildren().storingStatIn(stat);
        watchOption.setOn(request, shell);
        List<String> names = request.forPath(path).stream().sorted().toList();
        print(shell.output(), names, stat.get());
        return ExitCode.DONE;
    }

    private void print(Output output, List<String> names, Stat stat) {
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("path", path);
            json.put("children", names);
            statOption.putInto(json, stat);
            output.json(json);
            return;
        }
        output.line(names.toString());
        statOption.printTo(output, stat);
    }

    private void listAll(Shell shell) throws InterruptedException {
        TreeReader reader = new TreeReader(shell, shell.client(), watchOption.isWanted());
        if (watchOption.isWanted()) {
            shell.client().getData().usingWatcher(shell.watcher()).forPath(path);
        }
        TreeReader.Listing root = reader.read(path);
        print(shell.output(), path);
        descend(reader, root, shell.output());
    }

    /** All children of a znode, then what is below each of them: ZooKeeper's order. */
    private static void descend(TreeReader reader, TreeReader.Listing listing, Output output)
            throws InterruptedException {
        List<String> children = listing.childPaths();
        children.forEach(each -> print(output, each));
        reader.readEach(children, each -> descend(reader, each, output));
    }

    private static void print(Output output, String each) {
        if (output.isJson()) {
            output.json(Map.of("path", each));
        } else {
            output.line(each);
        }
    }
}
