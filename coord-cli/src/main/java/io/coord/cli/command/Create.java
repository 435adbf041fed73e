package io.coord.cli.command;

import io.coord.client.CreateBuilder;
import io.coord.protocol.data.CreateMode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a znode. */
@Command(
        name = "create",
        header = "Makes a znode",
        description = {
            "Persistent unless an option says otherwise. Data come from the command line, from a file or from standard input.",
            "Permissions are written as scheme:id:perms, several between commas; perms are letters of cdrwa."
        })
final class Create extends ShellCommand {
    @Option(names = "-s", description = "Appends a number to the name that grows with each child.")
    private boolean sequential;

    @Option(names = "-e", description = "Ephemeral: it goes when this session ends.")
    private boolean ephemeral;

    @Option(names = "-c", description = "A container: it goes some time after its last child is gone.")
    private boolean container;

    @Option(names = "-t", paramLabel = "ttl", description = "Goes when it was not changed for so many milliseconds.")
    private @Nullable Long ttlMs;

    @Option(names = "-p", description = "Makes missing parents.")
    private boolean withParents;

    @Mixin
    private DataOption dataOption = new DataOption();

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "data", description = "Data, stored as UTF-8.")
    private @Nullable String data;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "acl",
            description = "Who may do what; everyone everything by default.")
    private @Nullable String acl;

    @Override
    ExitCode run(Shell shell) {
        CreateMode mode = mode();
        byte @Nullable [] bytes = dataOption.read(shell, data);
        CreateBuilder request = shell.client().create().withMode(mode);
        Long ttl = ttlMs;
        if (ttl != null) {
            try {
                request.withTtl(Duration.ofMillis(ttl));
            } catch (IllegalArgumentException e) {
                throw CommandFailedException.usage(String.valueOf(e.getMessage()));
            }
        }
        if (withParents) {
            request.creatingParentsIfNeeded();
        }
        String entries = acl;
        if (entries != null) {
            request.withACL(AclText.parse(entries));
        }
        String created = request.forPath(path, bytes);
        if (shell.output().isJson()) {
            shell.output().json(Map.of("created", created));
        } else {
            shell.output().line("Created " + created);
        }
        return ExitCode.DONE;
    }

    private CreateMode mode() {
        if (container && (ephemeral || sequential)) {
            throw CommandFailedException.usage(
                    "-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.");
        }
        if (ttlMs != null && ephemeral) {
            throw CommandFailedException.usage("TTLs cannot be used with Ephemeral znodes");
        }
        if (ttlMs != null && container) {
            throw CommandFailedException.usage("TTLs cannot be used with Container znodes");
        }
        if (container) {
            return CreateMode.CONTAINER;
        }
        if (ephemeral) {
            return sequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
        }
        return sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
    }
}
