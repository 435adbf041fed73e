package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.ZnodePath;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a quota away. */
@Command(name = "delquota", header = "Takes away a quota, or one of its limits")
final class DelQuota extends ShellCommand {
    @Option(names = "-n", description = "The soft limit of znodes.")
    private boolean count;

    @Option(names = "-b", description = "The soft limit of bytes.")
    private boolean bytes;

    @Option(names = "-N", description = "The hard limit of znodes.")
    private boolean hardCount;

    @Option(names = "-B", description = "The hard limit of bytes.")
    private boolean hardBytes;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        CoordClient client = shell.client();
        QuotaText quota;
        try {
            quota = QuotaText.parse(client.getData().forPath(QuotaNodes.limits(path)));
        } catch (NoNodeException e) {
            throw CommandFailedException.refused("Quota does not exist for " + path);
        }
        if (!count && !bytes && !hardCount && !hardBytes) {
            deleteAll(client);
            return ExitCode.DONE;
        }
        drop(quota, QuotaText.COUNT, count);
        drop(quota, QuotaText.BYTES, bytes);
        drop(quota, QuotaText.COUNT_HARD_LIMIT, hardCount);
        drop(quota, QuotaText.BYTE_HARD_LIMIT, hardBytes);
        client.setData().forPath(QuotaNodes.limits(path), quota.toBytes());
        return ExitCode.DONE;
    }

    private static void drop(QuotaText quota, String name, boolean wanted) {
        if (wanted) {
            quota.set(name, -1);
        }
    }

    /** With the znodes above that hold nothing else. */
    private void deleteAll(CoordClient client) {
        client.delete().quietly().forPath(QuotaNodes.limits(path));
        client.delete().quietly().forPath(QuotaNodes.stats(path));
        for (String each = QuotaNodes.of(path);
                !each.equals(QuotaNodes.ROOT)
                        && client.getChildren().forPath(each).isEmpty();
                each = ZnodePath.parent(each)) {
            client.delete().quietly().forPath(each);
        }
    }
}
