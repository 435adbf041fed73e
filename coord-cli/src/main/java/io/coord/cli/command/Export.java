package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.client.CoordClient;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** Writes a tree as JSON. */
@Command(
        name = "export",
        header = "Writes a tree as JSON",
        description = {
            "Parents before children, with data and permissions; paths are those below the exported one. Ephemerals and /zookeeper are left out, and "
                    + "containers and times to live cannot be seen (import --containers makes some).",
            "The tree is read znode by znode: what changes meanwhile is there as it was at one moment or another."
        })
final class Export extends ShellCommand {
    static final String FORMAT = "coord-tree";

    @Option(names = "-f", paramLabel = "file", description = "A new file; standard output by default.")
    private @Nullable Path file;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "path",
            description = "What to export; everything by default.")
    private String path = "/";

    private long znodes;

    @Override
    ExitCode run(Shell shell) throws IOException, InterruptedException {
        TreeReader reader = new TreeReader(shell, shell.client(), false);
        TreeReader.Listing root = reader.read(path);
        Path target = file;
        if (target == null) {
            Writer out =
                    new BufferedWriter(new OutputStreamWriter(shell.output().out(), StandardCharsets.UTF_8));
            write(shell, reader, root, out);
            out.flush();
            return ExitCode.DONE;
        }
        if (Files.exists(target)) {
            throw CommandFailedException.refused(target + " is there already");
        }
        Path unfinished = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (Writer out = Files.newBufferedWriter(unfinished)) {
                write(shell, reader, root, out);
            }
            Files.move(unfinished, target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        shell.output().note("Exported " + znodes + " znodes to " + target);
        return ExitCode.DONE;
    }

    private void write(Shell shell, TreeReader reader, TreeReader.Listing root, Writer out)
            throws InterruptedException {
        JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), out);
        json.writeStartObject();
        json.writeName("format");
        json.writeString(FORMAT);
        json.writeName("version");
        json.writeNumber(1);
        json.writeName("nodes");
        json.writeStartArray();
        write(shell.client(), reader, List.of(root), json);
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    private void write(CoordClient client, TreeReader reader, List<TreeReader.Listing> listings, JsonGenerator json)
            throws InterruptedException {
        List<CompletionStage<@Nullable NodeCopy>> reads = new ArrayList<>();
        listings.forEach(each -> reads.add(NodeCopy.read(client, each.path())));
        for (NodeCopy node : NodeCopy.awaitAll(reads)) {
            if (node != null) {
                json.writeRaw('\n');
                Json.write(json, fields(node));
                znodes++;
            }
        }
        for (TreeReader.Listing each : listings) {
            List<String> children = each.childPaths().stream()
                    .filter(child -> !child.equals("/zookeeper"))
                    .toList();
            for (int from = 0; from < children.size(); from += 200) {
                List<TreeReader.Listing> window = new ArrayList<>();
                reader.readEach(children.subList(from, Math.min(children.size(), from + 200)), window::add);
                write(client, reader, window, json);
            }
        }
    }

    private Map<String, @Nullable Object> fields(NodeCopy node) {
        Map<String, @Nullable Object> fields = Json.object();
        String below = path.equals("/") ? node.path() : node.path().substring(path.length());
        fields.put("path", below.isEmpty() ? "/" : below);
        Json.putData(fields, node.data());
        fields.put("acl", node.acl().stream().map(AclText::of).toList());
        return fields;
    }
}
