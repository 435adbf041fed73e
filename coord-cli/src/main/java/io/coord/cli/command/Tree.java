package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.cli.output.StatText;
import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws what is below a znode. */
@Command(name = "tree", header = "Draws the tree below a znode")
final class Tree extends ShellCommand {
    @Option(names = "-L", paramLabel = "levels", description = "Only so many levels.")
    private int levels = Integer.MAX_VALUE;

    @Parameters(index = "0", arity = "0..1", paramLabel = "path", description = "The znode; / by default.")
    private String path = "/";

    private long znodes;

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        Output output = shell.output();
        TreeReader reader = new TreeReader(shell, shell.client(), false);
        TreeReader.Listing root = reader.read(path);
        print(output, "", path, root, 0);
        draw(reader, root, output, "", 1);
        if (!output.isJson()) {
            output.line(znodes + (znodes == 1 ? " znode" : " znodes"));
        }
        return ExitCode.DONE;
    }

    private void draw(TreeReader reader, TreeReader.Listing parent, Output output, String indent, int depth)
            throws InterruptedException {
        if (depth > levels) {
            return;
        }
        List<TreeReader.Listing> children = new ArrayList<>(parent.names().size());
        reader.readEachReadable(parent.childPaths(), children::add);
        for (int i = 0; i < children.size(); i++) {
            TreeReader.Listing child = children.get(i);
            boolean last = i == children.size() - 1;
            String name = child.path().substring(child.path().lastIndexOf('/') + 1);
            print(output, indent + (last ? "└── " : "├── "), name, child, depth);
            draw(reader, child, output, indent + (last ? "    " : "│   "), depth + 1);
        }
    }

    private void print(Output output, String lead, String name, TreeReader.Listing listing, int depth) {
        znodes++;
        Stat stat = listing.stat();
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("path", listing.path());
            json.put("depth", depth);
            json.put("stat", Json.stat(stat));
            output.json(json);
            return;
        }
        StringBuilder line = new StringBuilder(lead).append(name);
        if (stat.dataLength() > 0) {
            line.append("  ").append(stat.dataLength()).append(" B");
        }
        if (stat.ephemeralOwner() != 0) {
            line.append("  ephemeral of ").append(StatText.hex(stat.ephemeralOwner()));
        }
        output.line(line.toString());
    }
}
