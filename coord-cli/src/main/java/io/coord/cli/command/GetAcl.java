package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.cli.output.StatText;
import io.coord.client.StatHolder;
import io.coord.protocol.data.Acl;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints who may do what with a znode. */
@Command(name = "getAcl", header = "Prints who may do what with a znode")
final class GetAcl extends ShellCommand {
    @Option(names = "-s", description = "Also the stat.")
    private boolean withStat;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        StatHolder stat = new StatHolder();
        List<Acl> entries = shell.client().getACL().storingStatIn(stat).forPath(path);
        Output output = shell.output();
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("path", path);
            json.put("acl", entries.stream().map(AclText::of).toList());
            if (withStat) {
                json.put("stat", Json.stat(stat.get()));
            }
            output.json(json);
            return ExitCode.DONE;
        }
        for (Acl each : entries) {
            output.line("'" + each.id().scheme() + ",'" + each.id().id());
            output.line(": " + AclText.permissions(each));
        }
        if (withStat) {
            output.lines(StatText.lines(stat.get()));
        }
        return ExitCode.DONE;
    }
}
