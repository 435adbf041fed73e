package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.error.CoordException;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who may do what with a znode. */
@Command(
        name = "setAcl",
        header = "Says who may do what with a znode",
        description =
                "As scheme:id:perms, several between commas; perms are letters of cdrwa. -R asks first, where there is somebody to ask.")
final class SetAcl extends ShellCommand {
    @Mixin
    private StatOption statOption = new StatOption();

    @Option(names = "-v", paramLabel = "version", description = "Only if the permissions have this version.")
    private int version = -1;

    @Option(names = "-R", description = "For all znodes below it, too.")
    private boolean recursive;

    @Mixin
    private Consent consent = new Consent();

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", paramLabel = "acl", description = "Who may do what.")
    private String acl = "";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        List<Acl> entries = AclText.parse(acl);
        if (recursive) {
            return setAll(shell, entries);
        }
        Stat stat =
                shell.client().setACL().withACL(entries).withVersion(version).forPath(path);
        if (statOption.isWanted()) {
            StatCommand.print(shell.output(), path, stat);
        } else if (shell.output().isJson()) {
            shell.output().json(Map.of("path", path, "aclVersion", stat.aversion()));
        }
        return ExitCode.DONE;
    }

    private ExitCode setAll(Shell shell, List<Acl> entries) throws InterruptedException {
        CoordClient client = shell.client();
        TreeReader reader = new TreeReader(shell, client, false);
        List<String> paths = new ArrayList<>();
        collect(reader, reader.read(path), paths);
        consent.require(shell, "Set the permissions of " + paths.size() + " znodes?");
        int failed = 0;
        for (String each : paths) {
            try {
                client.setACL().withACL(entries).withVersion(version).forPath(each);
            } catch (CoordException e) {
                if (ExitCode.of(e) != ExitCode.REFUSED) {
                    throw e;
                }
                failed++;
                shell.output().note(Failures.text(e));
            }
        }
        if (shell.output().isJson()) {
            shell.output().json(Map.of("path", path, "set", paths.size() - failed, "failed", failed));
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static void collect(TreeReader reader, TreeReader.Listing listing, List<String> paths)
            throws InterruptedException {
        paths.add(listing.path());
        reader.readEach(listing.childPaths(), each -> collect(reader, each, paths));
    }
}
