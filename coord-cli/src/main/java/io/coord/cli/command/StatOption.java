package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.cli.output.StatText;
import io.coord.protocol.data.Stat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For what may show the stat behind its answer. */
final class StatOption {
    @Option(names = "-s", description = "Also the stat.")
    private boolean wanted;

    boolean isWanted() {
        return wanted;
    }

    void putInto(Map<String, @Nullable Object> json, Stat stat) {
        if (wanted) {
            json.put("stat", Json.stat(stat));
        }
    }

    void printTo(Output output, Stat stat) {
        if (wanted) {
            output.lines(StatText.lines(stat));
        }
    }
}
