package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.EnsembleConfig;
import io.coord.client.StatHolder;
import io.coord.client.spi.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints which servers make up the ensemble. */
@Command(name = "config", header = "Prints which servers make up the ensemble")
final class Config extends ShellCommand {
    @Option(names = "-c", description = "Its version and, as a connect string, where clients reach it.")
    private boolean forClients;

    @Option(names = "-w", description = "Sets a watch, which tells of the next change.")
    private boolean watching;

    @Mixin
    private StatOption statOption = new StatOption();

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

    private static String version(EnsembleConfig ensemble) {
        return ensemble.version() < 0 ? "" : Long.toHexString(ensemble.version());
    }

    private void print(Output output, byte[] config, StatHolder stat) {
        String text = new String(config, StandardCharsets.UTF_8);
        EnsembleConfig ensemble = EnsembleConfig.parse(config);
        String clients =
                ensemble.clientAddresses().stream().map(ServerAddress::toString).collect(Collectors.joining(","));
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("config", text);
            json.put("version", version(ensemble));
            json.put("clients", clients);
            statOption.putInto(json, stat.get());
            output.json(json);
            return;
        }
        output.line(forClients ? version(ensemble) + ' ' + clients : text);
        if (config.length == 0) {
            output.note("/zookeeper/config is empty: this server belongs to no ensemble, or does not say so");
        }
        statOption.printTo(output, stat.get());
    }
}
