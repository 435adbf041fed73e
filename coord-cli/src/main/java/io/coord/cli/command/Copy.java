package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.tls.InvalidTlsMaterialException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a tree from these servers to others. */
@Command(
        name = "copy",
        header = "Copies a tree to other servers, while both are in use",
        description = {
            "Data and permissions. Ephemerals belong to sessions and are left out, and so is /zookeeper. What the source "
                    + "changes meanwhile is copied, too.",
            "It compares before it writes: started again after an interruption, it writes only what is missing. At the end both trees are "
                    + "compared, znode by znode; code 1 when they differ. What only the target has stays, unless --delete is given.",
            "Versions, zxids, times and the counters of sequential znodes are the target's own. Containers and znodes with a time to live become "
                    + "persistent ones, since no server tells a client which they are: say it with --containers."
        })
final class Copy extends ShellCommand {
    private static final int SHOWN = 20;

    @Option(names = "--to", required = true, paramLabel = "servers", description = "host:port[,host:port...][/chroot].")
    private String servers = "";

    @Option(
            names = "--to-client-configuration",
            paramLabel = "file",
            description =
                    "ZooKeeper's properties of a client, for the target: whether to encrypt and how. As for the source by default.")
    private @Nullable Path configuration;

    @Mixin
    private ContainerOptions containers = new ContainerOptions();

    @Option(names = "--delete", description = "Removes from the target what the source does not have; asks first.")
    private boolean deleting;

    @Option(names = "--no-verify", description = "Does not compare the trees at the end.")
    private boolean unverified;

    @Mixin
    private Consent consent = new Consent();

    @Parameters(index = "0", arity = "0..1", paramLabel = "path", description = "What to copy; everything by default.")
    private String from = "/";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "target",
            description = "Its path there; the same by default.")
    private @Nullable String to;

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        String place = to == null ? from : to;
        ZnodePath.validate(from);
        ZnodePath.validate(place);
        containers.validate();
        Connection.Settings there = target(shell.connection().settings().withServers(servers));
        CoordClient source = shell.client();
        Output output = shell.output();
        if (deleting) {
            consent.require(shell, "Delete from " + servers + place + " what " + from + " does not have?");
        }
        ProgressLine line = new ProgressLine(output);
        try (CoordClient target = Connection.open(there)) {
            if (!place.equals("/")) {
                target.checkExists().creatingParentsIfNeeded().forPath(place);
            }
            long total = source.getAllChildrenNumber().forPath(from) + 1L;
            TreeCopy copy = new TreeCopy(
                    shell,
                    source,
                    target,
                    from,
                    place,
                    deleting,
                    containers::modeOf,
                    now -> line.show(now.verified() + now.seen(), total * (unverified ? 1 : 2)));
            copy.run();
            List<String> differences = unverified ? List.of() : copy.differences(1_000);
            line.end();
            report(output, copy, differences);
            return differences.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
        } finally {
            line.end();
        }
    }

    private Connection.Settings target(Connection.Settings likeTheSource) {
        Path file = configuration;
        if (file == null) {
            return likeTheSource;
        }
        try {
            return likeTheSource.withSecurity(ClientConfiguration.read(file).security());
        } catch (IllegalArgumentException | InvalidTlsMaterialException e) {
            throw CommandFailedException.usage(String.valueOf(e.getMessage()));
        }
    }

    private void report(Output output, TreeCopy copy, List<String> differences) {
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("created", copy.created());
            json.put("changed", copy.overwritten());
            json.put("deleted", copy.deleted());
            json.put("verified", unverified ? null : copy.verified());
            json.put("differences", differences);
            output.json(json);
            return;
        }
        output.line("Created " + copy.created() + ", changed " + copy.overwritten() + ", deleted " + copy.deleted());
        differences.stream().limit(SHOWN).forEach(path -> output.note("Differs: " + path));
        if (!unverified) {
            output.line(
                    differences.isEmpty()
                            ? "Verified: " + copy.verified() + " znodes are equal"
                            : differences.size() + " znodes differ");
        }
    }
}
