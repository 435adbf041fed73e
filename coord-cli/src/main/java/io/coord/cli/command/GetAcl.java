package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.StatHolder;
import io.coord.protocol.data.Acl;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints who may do what with a znode. */
@Command(name = "getAcl", header = "Prints who may do what with a znode")
final class GetAcl extends ShellCommand {
    @Mixin
    private StatOption statOption = new StatOption();

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
            statOption.putInto(json, stat.get());
            output.json(json);
            return ExitCode.DONE;
        }
        for (Acl each : entries) {
            output.line("'" + each.id().scheme() + ",'" + each.id().id());
            output.line(": " + AclText.permissions(each));
        }
        statOption.printTo(output, stat.get());
        return ExitCode.DONE;
    }
}
