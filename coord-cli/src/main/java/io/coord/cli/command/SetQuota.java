package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.ZnodePath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Limits what may be below a znode. */
@Command(
        name = "setquota",
        header = "Limits how many znodes or bytes may be below a znode",
        description =
                "Soft limits (-n, -b) are logged by the server when they are passed; hard ones (-N, -B) are kept by servers that are told to.")
final class SetQuota extends ShellCommand {
    @Option(names = "-n", paramLabel = "count", description = "Znodes, itself included: soft.")
    private @Nullable Long count;

    @Option(names = "-b", paramLabel = "bytes", description = "Bytes of data: soft.")
    private @Nullable Long bytes;

    @Option(names = "-N", paramLabel = "count", description = "Znodes, itself included: hard.")
    private @Nullable Long hardCount;

    @Option(names = "-B", paramLabel = "bytes", description = "Bytes of data: hard.")
    private @Nullable Long hardBytes;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        if (count == null && bytes == null && hardCount == null && hardBytes == null) {
            throw CommandFailedException.usage("One of -n, -b, -N and -B is needed");
        }
        if (ZnodePath.isSameOrBelow(path, QuotaNodes.ROOT)) {
            throw CommandFailedException.refused("cannot set a quota under the path: " + QuotaNodes.ROOT);
        }
        CoordClient client = shell.client();
        if (client.checkExists().forPath(path) == null) {
            throw CommandFailedException.refused(path + " does not exist.");
        }
        refuseBelowAnother(client);
        refuseAboveAnother(new TreeReader(shell, client, false));
        QuotaText quota;
        try {
            quota = QuotaText.parse(client.getData().forPath(QuotaNodes.limits(path)));
        } catch (NoNodeException e) {
            quota = QuotaText.none();
            quota.set(QuotaText.COUNT_HARD_LIMIT, -1);
            quota.set(QuotaText.BYTE_HARD_LIMIT, -1);
        }
        change(quota, QuotaText.COUNT, count);
        change(quota, QuotaText.BYTES, bytes);
        change(quota, QuotaText.COUNT_HARD_LIMIT, hardCount);
        change(quota, QuotaText.BYTE_HARD_LIMIT, hardBytes);
        client.create().creatingParentsIfNeeded().orSetData().forPath(QuotaNodes.limits(path), quota.toBytes());
        QuotaText used = used(client);
        warn(shell, "count", quota.number(QuotaText.COUNT), used.number(QuotaText.COUNT));
        warn(shell, "bytes", quota.number(QuotaText.BYTES), used.number(QuotaText.BYTES));
        return ExitCode.DONE;
    }

    /** As the server counts it, once there is a znode for it. */
    private QuotaText used(CoordClient client) {
        QuotaText nothing = QuotaText.none();
        nothing.set(QuotaText.COUNT, 0);
        nothing.set(QuotaText.BYTES, 0);
        if (client.checkExists().forPath(QuotaNodes.stats(path)) == null) {
            client.create().orSetData().forPath(QuotaNodes.stats(path), nothing.toBytes());
        }
        return QuotaText.parse(client.getData().forPath(QuotaNodes.stats(path)));
    }

    private static void warn(Shell shell, String what, long limit, long used) {
        if (limit >= 0 && limit < used) {
            shell.output()
                    .note("[Warning]: the " + what + " quota you create is less than the existing " + what + ':'
                            + used);
        }
    }

    private static void change(QuotaText quota, String name, @Nullable Long value) {
        if (value != null) {
            quota.set(name, value);
        }
    }

    private void refuseBelowAnother(CoordClient client) {
        for (String each = path; !each.equals("/"); ) {
            each = ZnodePath.parent(each);
            if (client.checkExists().forPath(QuotaNodes.limits(each)) != null) {
                throw CommandFailedException.refused(path + " has a parent " + each + " which has a quota");
            }
        }
    }

    private void refuseAboveAnother(TreeReader reader) throws InterruptedException {
        try {
            look(reader, reader.read(QuotaNodes.of(path)));
        } catch (NoNodeException none) {
            // No quota here or below.
            return;
        }
    }

    private void look(TreeReader reader, TreeReader.Listing listing) throws InterruptedException {
        if (listing.names().contains(QuotaNodes.LIMITS) && !listing.path().equals(QuotaNodes.of(path))) {
            String below = listing.path().substring(QuotaNodes.ROOT.length());
            throw CommandFailedException.refused(path + " has a child " + below + " which has a quota");
        }
        reader.readEach(listing.childPaths(), each -> look(reader, each));
    }
}
