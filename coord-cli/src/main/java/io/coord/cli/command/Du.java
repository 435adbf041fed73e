package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What takes the space. */
@Command(
        name = "du",
        header = "How many znodes and bytes of data are below a znode",
        description =
                "For it and its children, the largest first. Bytes are those of data; names and stats come on top of them.")
final class Du extends ShellCommand {
    private static final class Sum {
        private final String path;
        private long znodes;
        private long bytes;

        Sum(String path) {
            this.path = path;
        }
    }

    @Option(names = "-d", paramLabel = "levels", description = "So many levels below it; 1 by default.")
    private int levels = 1;

    @Parameters(index = "0", arity = "0..1", paramLabel = "path", description = "The znode; / by default.")
    private String path = "/";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        TreeReader reader = new TreeReader(shell, shell.client(), false);
        List<Sum> sums = new ArrayList<>();
        add(reader, reader.read(path), sums, 0);
        sums.sort(Comparator.comparingLong((Sum each) -> each.bytes).reversed().thenComparing(each -> each.path));
        TextTable table = new TextTable("BYTES", "ZNODES", "PATH");
        for (Sum each : sums) {
            if (shell.output().isJson()) {
                Map<String, @Nullable Object> json = Json.object();
                json.put("path", each.path);
                json.put("znodes", each.znodes);
                json.put("bytes", each.bytes);
                shell.output().json(json);
            } else {
                table.row(String.valueOf(each.bytes), String.valueOf(each.znodes), each.path);
            }
        }
        if (!shell.output().isJson()) {
            shell.output().table(table);
        }
        return ExitCode.DONE;
    }

    private Sum add(TreeReader reader, TreeReader.Listing listing, List<Sum> sums, int depth)
            throws InterruptedException {
        Sum sum = new Sum(listing.path());
        sum.znodes = 1;
        sum.bytes = listing.stat().dataLength();
        if (depth <= levels) {
            sums.add(sum);
        }
        reader.readEachReadable(listing.childPaths(), each -> {
            Sum below = add(reader, each, sums, depth + 1);
            sum.znodes += below.znodes;
            sum.bytes += below.bytes;
        });
        return sum;
    }
}
