package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.ReconfigBuilder;
import io.coord.client.StatHolder;
import io.coord.client.error.BadArgumentsException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.UnsupportedByServerException;
import io.coord.protocol.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes which servers make up the ensemble. */
@Command(
        name = "reconfig",
        header = "Changes which servers make up the ensemble",
        description = "Asks first, where there is somebody to ask.")
final class Reconfig extends ShellCommand {
    @Mixin
    private StatOption statOption = new StatOption();

    @Option(
            names = "-v",
            paramLabel = "version",
            description = "Only if the configuration has this version, in hexadecimal digits.")
    private @Nullable String version;

    @Option(
            names = "-file",
            paramLabel = "file",
            description = "All servers of the new ensemble, a line server.N=... for each.")
    private @Nullable String file;

    @Option(names = "-members", paramLabel = "servers", description = "The same, between commas.")
    private @Nullable String members;

    @Option(
            names = "-add",
            paramLabel = "servers",
            description = "Servers to add or to change, server.N=host:port:port;port between commas.")
    private @Nullable String joining;

    @Option(names = "-remove", paramLabel = "ids", description = "Servers to remove, their ids between commas.")
    private @Nullable String leaving;

    @Mixin
    private Consent consent = new Consent();

    @Override
    ExitCode run(Shell shell) throws IOException {
        boolean isWhole = file != null || members != null;
        boolean isIncremental = joining != null || leaving != null;
        if (isWhole == isIncremental || (file != null && members != null)) {
            throw CommandFailedException.usage("One of -file, -members, or -add and -remove is needed");
        }
        consent.require(shell, "Change the ensemble?");
        StatHolder stat = new StatHolder();
        ReconfigBuilder request = shell.client().reconfig().storingStatIn(stat);
        if (version != null) {
            request.fromConfig(configVersion(version));
        }
        if (isWhole) {
            request.withNewMembers(file != null ? fromFile(file) : lower(members));
        }
        if (joining != null) {
            request.joining(lower(joining));
        }
        if (leaving != null) {
            request.leaving(lower(leaving));
        }
        byte[] config = change(request);
        print(shell.output(), new String(config, StandardCharsets.UTF_8), stat);
        return ExitCode.DONE;
    }

    /** Refusals with what an operator may do about them. */
    private static byte[] change(ReconfigBuilder request) {
        try {
            return request.forEnsemble();
        } catch (UnsupportedByServerException e) {
            throw CommandFailedException.refused(
                    e.isSwitchedOff()
                            ? "Reconfig is switched off: servers whose configuration has reconfigEnabled=true allow it"
                            : "This server cannot change its ensemble: it stands alone, or its kind knows no reconfig");
        } catch (NoAuthException e) {
            throw CommandFailedException.refused(
                    "Insufficient permission : /zookeeper/config; whoever may write it (getAcl tells) or the superuser may do this");
        } catch (BadArgumentsException e) {
            throw CommandFailedException.refused(
                    "The server takes no such change: a server has the form server.N=host:port:port[:role];[address:]port, and a majority "
                            + "must remain");
        } catch (ServerErrorException e) {
            if (e.error() == ErrorCode.NEW_CONFIG_NO_QUORUM) {
                throw CommandFailedException.refused(
                        "No majority of the new ensemble is connected and up to date: start its servers first, then try again");
            }
            if (e.error() == ErrorCode.RECONFIG_IN_PROGRESS) {
                throw CommandFailedException.refused(
                        "Another reconfiguration is under way; try again when it is over (config tells)");
            }
            throw e;
        }
    }

    private void print(Output output, String config, StatHolder stat) {
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("config", config);
            json.put("stat", Json.stat(stat.get()));
            output.json(json);
            return;
        }
        output.line("Committed new configuration:");
        output.line(config);
        statOption.printTo(output, stat.get());
    }

    private static long configVersion(String digits) {
        try {
            return Long.parseLong(digits, 16);
        } catch (NumberFormatException e) {
            throw CommandFailedException.usage("-v must be followed by a long (configuration version)");
        }
    }

    private static List<String> lower(@Nullable String servers) {
        return servers == null ? List.of() : List.of(servers.toLowerCase(Locale.ROOT));
    }

    private static List<String> fromFile(String name) throws IOException {
        List<String> servers = Files.readAllLines(Path.of(name)).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("server."))
                .toList();
        if (servers.isEmpty()) {
            throw CommandFailedException.usage(name + " has no line server.N=...");
        }
        return servers;
    }
}
