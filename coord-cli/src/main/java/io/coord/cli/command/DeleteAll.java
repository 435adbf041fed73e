package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.error.TransactionFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a znode and all below it. */
@Command(
        name = "deleteall",
        header = "Deletes a znode and all that is below it",
        description = {
            "In transactions of so many znodes as -b says, children before parents. It is not one step: when it fails, a part is "
                    + "gone. Asks first, where there is somebody to ask."
        })
final class DeleteAll extends ShellCommand {
    @Option(names = "-b", paramLabel = "size", description = "Znodes in a transaction, 1000 unless told otherwise.")
    private int batch = 1000;

    @Mixin
    private Consent consent = new Consent();

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        if (batch < 1) {
            throw CommandFailedException.usage("-b must be 1 or more");
        }
        boolean isWholeTree = shell.connection().settings().servers().indexOf('/') < 0;
        if (isWholeTree && (path.equals("/") || path.equals("/zookeeper"))) {
            throw CommandFailedException.refused(path + " belongs to the servers; name what is to go");
        }
        CoordClient client = shell.client();
        TreeReader reader = new TreeReader(shell, client, false);
        List<String> paths = new ArrayList<>();
        collect(reader, reader.read(path), paths);
        consent.require(
                shell,
                "Delete " + path + (paths.size() == 1 ? "" : " and " + (paths.size() - 1) + " znodes below it") + "?");
        for (int from = 0; from < paths.size(); from += batch) {
            delete(client, paths.subList(from, Math.min(paths.size(), from + batch)));
        }
        if (shell.output().isJson()) {
            shell.output().json(Map.of("deleted", path, "znodes", paths.size()));
        }
        return ExitCode.DONE;
    }

    private static void collect(TreeReader reader, TreeReader.Listing listing, List<String> paths)
            throws InterruptedException {
        reader.readEach(listing.childPaths(), each -> collect(reader, each, paths));
        paths.add(listing.path());
    }

    private static void delete(CoordClient client, List<String> paths) {
        List<TransactionOp> steps = new ArrayList<>(paths.size());
        for (String each : paths) {
            steps.add(client.transactionOp().delete().forPath(each));
        }
        try {
            client.transaction().forOperations(steps);
        } catch (TransactionFailedException e) {
            // Somebody else deletes or creates here at the same time: one by one, then.
            for (String each : paths) {
                client.delete().quietly().deletingChildrenIfNeeded().forPath(each);
            }
        }
    }
}
