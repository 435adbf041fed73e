package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.client.CoordClient;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ZnodePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Makes the znodes that an export holds. */
@Command(
        name = "import",
        header = "Makes the znodes of an export",
        description = {
            "Znodes that are there already get the export's data and permissions; others below the path stay. Asks first, where there is somebody "
                    + "to ask. It is not one step: when it fails, a part is there, and it may be started again."
        })
final class Import extends ShellCommand {
    private static final int WINDOW = 200;

    @Mixin
    private Consent consent = new Consent();

    @Mixin
    private ContainerOptions containers = new ContainerOptions();

    @Parameters(index = "0", paramLabel = "file", description = "An export; - is standard input.")
    private String file = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "path", description = "Where it goes; / by default.")
    private String path = "/";

    private long created;
    private long changed;
    private long missed;

    @Override
    ExitCode run(Shell shell) throws IOException, InterruptedException {
        ZnodePath.validate(path);
        containers.validate();
        CoordClient client = shell.client();
        consent.require(shell, "Import " + file + " to " + path + "?");
        boolean standard = file.equals(DataOption.STANDARD);
        try (InputStream in = standard ? InputStream.nullInputStream() : Files.newInputStream(Path.of(file));
                JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), standard ? shell.input() : in)) {
            read(client, json);
        } catch (JacksonException e) {
            throw CommandFailedException.refused(file + " is no export, or not a whole one: " + e.getOriginalMessage()
                    + " (" + created + " znodes were made before that)");
        }
        if (shell.output().isJson()) {
            shell.output().json(Map.of("created", created, "changed", changed, "missed", missed));
        } else {
            shell.output().line("Created " + created + ", changed " + changed);
        }
        if (missed > 0) {
            throw CommandFailedException.refused(missed + " znodes could not be made: their parents are neither in "
                    + file + " nor on the server, or somebody deletes them. Once these are there, import again");
        }
        return ExitCode.DONE;
    }

    private void read(CoordClient client, JsonParser json) throws InterruptedException {
        require(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
        boolean isKnown = false;
        boolean whole = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("format")) {
                isKnown = Export.FORMAT.equals(json.getString());
            } else if (name.equals("nodes")) {
                require(isKnown && json.currentToken() == JsonToken.START_ARRAY, "it does not begin as one");
                nodes(client, json);
                whole = true;
            } else {
                json.skipChildren();
            }
        }
        require(whole, "it holds no znodes");
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw CommandFailedException.refused(file + " is no export: " + what);
        }
    }

    private void nodes(CoordClient client, JsonParser json) throws InterruptedException {
        List<NodeCopy> window = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            NodeCopy node = node(json);
            // Its parent must be there before it.
            if (window.size() == WINDOW || window.stream().anyMatch(each -> isParent(each.path(), node.path()))) {
                write(client, window);
                window.clear();
            }
            window.add(node);
        }
        require(json.currentToken() == JsonToken.END_ARRAY, "something else stands among its znodes");
        write(client, window);
    }

    private static boolean isParent(String parent, String node) {
        return ZnodePath.parent(node).equals(parent) && !node.equals(parent);
    }

    private NodeCopy node(JsonParser json) {
        String below = "";
        byte @Nullable [] data = {};
        List<Acl> acl = Acl.OPEN;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "path" -> below = text(json, name);
                case "data" ->
                    data = json.currentToken() == JsonToken.VALUE_NULL
                            ? null
                            : text(json, name).getBytes(StandardCharsets.UTF_8);
                case "dataBase64" -> data = base64(text(json, name));
                case "acl" -> acl = acl(json);
                default -> json.skipChildren();
            }
        }
        require(ZnodePath.isValid(below), "\"" + below + "\" is no path");
        String whole = path.equals("/") ? below : below.equals("/") ? path : path + below;
        return new NodeCopy(whole, data, acl);
    }

    private String text(JsonParser json, String field) {
        require(json.currentToken() == JsonToken.VALUE_STRING, field + " is no text, " + place(json));
        return json.getString();
    }

    private byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.refused(file + " is no export: dataBase64: " + e.getMessage());
        }
    }

    private static String place(JsonParser json) {
        return "line " + json.currentTokenLocation().getLineNr();
    }

    private List<Acl> acl(JsonParser json) {
        require(json.currentToken() == JsonToken.START_ARRAY, "acl is no list, " + place(json));
        List<Acl> entries = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            entries.addAll(AclText.parse(json.getString()));
        }
        return entries;
    }

    private void write(CoordClient client, List<NodeCopy> nodes) throws InterruptedException {
        List<CompletionStage<@Nullable NodeCopy>> reads = new ArrayList<>();
        nodes.forEach(each -> reads.add(NodeCopy.read(client, each.path())));
        List<@Nullable NodeCopy> present = NodeCopy.awaitAll(reads);
        List<CompletionStage<NodeCopy.Outcome>> writes = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeCopy node = nodes.get(i);
            if (present.get(i) == null && node.path().equals(path) && !path.equals("/")) {
                client.checkExists().creatingParentsIfNeeded().forPath(path);
            }
            // The root is there, and is everybody's.
            if (!node.path().equals("/")) {
                writes.add(node.writeTo(client, containers.modeOf(node.path()), present.get(i)));
            }
        }
        for (NodeCopy.Outcome each : NodeCopy.awaitAll(writes)) {
            switch (each) {
                case CREATED -> created++;
                case CHANGED -> changed++;
                case EQUAL -> {}
                case MISSED -> missed++;
            }
        }
    }
}
