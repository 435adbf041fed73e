package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.TextTable;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Which services are there. */
@Command(
        name = "services",
        header = "Which instances of services are registered",
        description = "Those that Coord or Curator's service discovery registered.")
final class Services extends ShellCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "path",
            description = "Where they register; /services by default.")
    private String path = "/services";

    @Override
    ExitCode run(Shell shell) {
        if (shell.client().checkExists().forPath(path) == null) {
            throw CommandFailedException.refused("Node does not exist: " + path);
        }
        TextTable table = new TextTable("SERVICE", "ID", "ADDRESS", "PORT", "TLS PORT", "TYPE", "ENABLED", "FOR");
        boolean any = false;
        try (ServiceDirectory<Object> directory = ServiceDirectory.ofAll(
                        shell.client(), path, InstanceSerializer.of(Object.class))
                .start()) {
            if (!directory.awaitInitialized(PATIENCE)) {
                throw CommandFailedException.refused(
                        "The services could not be read within " + PATIENCE.toSeconds() + " s");
            }
            for (String name : directory.names()) {
                for (ServiceInstance<Object> each : directory.instances(name)) {
                    any = true;
                    if (shell.output().isJson()) {
                        shell.output().json(json(each));
                    } else {
                        row(table, each);
                    }
                }
            }
        }
        if (!shell.output().isJson()) {
            if (any) {
                shell.output().table(table);
            } else {
                shell.output().line("No service is registered below " + path);
            }
        }
        return ExitCode.DONE;
    }

    private static void row(TextTable table, ServiceInstance<Object> each) {
        Instant registered = Instant.ofEpochMilli(each.registrationTimeUtc());
        table.row(
                each.name(),
                each.id(),
                each.address() == null ? "" : each.address(),
                each.port() == null ? "" : String.valueOf(each.port()),
                each.sslPort() == null ? "" : String.valueOf(each.sslPort()),
                each.serviceType().name(),
                each.enabled() ? "yes" : "no",
                Durations.text(Duration.between(registered, Instant.now())));
    }

    private static Map<String, @Nullable Object> json(ServiceInstance<Object> each) {
        Map<String, @Nullable Object> json = Json.object();
        json.put("service", each.name());
        json.put("id", each.id());
        json.put("address", each.address());
        json.put("port", each.port());
        json.put("sslPort", each.sslPort());
        json.put("type", each.serviceType().name());
        json.put("enabled", each.enabled());
        json.put("registered", Instant.ofEpochMilli(each.registrationTimeUtc()).toString());
        json.put("payload", each.payload());
        return json;
    }
}
