package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.StatHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a znode's data. */
@Command(
        name = "get",
        header = "Prints a znode's data",
        description =
                "As text in UTF-8, unless an option says otherwise; -f takes the bytes as they are. A znode that was created without data "
                        + "has null, which is not the same as nothing.")
final class Get extends ShellCommand {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    @Mixin
    private StatOption statOption = new StatOption();

    @Mixin
    private WatchOption watchOption = new WatchOption();

    @Option(names = "-b", description = "In base 64.")
    private boolean base64;

    @Option(names = "-x", description = "As a hexadecimal dump.")
    private boolean hex;

    @Option(names = "-f", paramLabel = "file", description = "Into a file, byte for byte; - is standard output.")
    private @Nullable String file;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", hidden = true)
    private @Nullable String oldWatch;

    @Override
    ExitCode run(Shell shell) throws IOException {
        watchOption.take(shell, oldWatch, "get", "get [-s] [-w] path");
        StatHolder stat = new StatHolder();
        var request = shell.client().getData().storingStatIn(stat);
        watchOption.setOn(request, shell);
        byte @Nullable [] data = request.orNull().forPath(path);
        Output output = shell.output();
        String target = file;
        if (target != null) {
            save(output, target, data == null ? new byte[0] : data);
        } else if (output.isJson()) {
            printJson(output, data, stat);
            return ExitCode.DONE;
        } else {
            // ZooKeeper's shell shows null by its name, in whatever form.
            output.line(text(data == null ? NULL : data));
        }
        statOption.printTo(output, stat.get());
        return ExitCode.DONE;
    }

    private String text(byte[] data) {
        if (base64) {
            return Base64.getEncoder().encodeToString(data);
        }
        return hex ? ByteBufUtil.prettyHexDump(Unpooled.wrappedBuffer(data)) : new String(data, StandardCharsets.UTF_8);
    }

    private static void save(Output output, String target, byte[] data) throws IOException {
        if (target.equals(DataOption.STANDARD)) {
            output.bytes(data);
        } else {
            Files.write(Path.of(target), data);
        }
    }

    private void printJson(Output output, byte @Nullable [] data, StatHolder stat) {
        Map<String, @Nullable Object> json = Json.object();
        json.put("path", path);
        if (base64 && data != null) {
            json.put("dataBase64", text(data));
        } else {
            Json.putData(json, data);
        }
        statOption.putInto(json, stat.get());
        output.json(json);
    }
}
