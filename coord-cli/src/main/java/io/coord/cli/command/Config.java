package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.cli.output.StatText;
import io.coord.client.EnsembleConfig;
import io.coord.client.StatHolder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints which servers make up the ensemble. */
@Command(name = "config", header = "Prints which servers make up the ensemble")
final class Config extends ShellCommand {
    @Option(names = "-c", description = "As a connect string for clients.")
    private boolean forClients;

    @Option(names = "-w", description = "Sets a watch, which tells of the next change.")
    private boolean watching;

    @Option(names = "-s", description = "Also the stat.")
    private boolean withStat;

    @Override
    ExitCode run(Shell shell) {
        StatHolder stat = new StatHolder();
        var request = shell.client().getConfig().storingStatIn(stat);
        if (watching) {
            request.usingWatcher(shell.watcher());
        }
        byte[] config = request.forEnsemble();
        print(shell.output(), config, stat);
        return ExitCode.DONE;
    }

    private void print(Output output, byte[] config, StatHolder stat) {
        String text = new String(config, StandardCharsets.UTF_8);
        String clients = EnsembleConfig.parse(config).clientAddresses().stream()
                .map(each -> each.host() + ':' + each.port())
                .collect(Collectors.joining(","));
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("config", text);
            json.put("clients", clients);
            if (withStat) {
                json.put("stat", Json.stat(stat.get()));
            }
            output.json(json);
            return;
        }
        output.line(forClients ? clients : text);
        if (withStat) {
            output.lines(StatText.lines(stat.get()));
        }
    }
}
