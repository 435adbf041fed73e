package io.coord.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.cli.command.CommandTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code docs/CLI.md} says what the commands say of themselves. {@code -Dcoord.cli.page=write} writes it anew. */
class CliPageTest {
    private static final Path PAGE = Path.of("..", "docs", "CLI.md");

    @Test
    void thePageIsCurrent() throws IOException {
        String page = page();
        if ("write".equals(System.getProperty("coord.cli.page"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    @Test
    void everyCommandExplainsItselfAndItsArguments() {
        for (String name : CommandTable.names()) {
            CommandSpec spec = CommandTable.describe(name).orElseThrow().getCommandSpec();
            assertThat(spec.name()).isEqualTo(name);
            assertThat(spec.usageMessage().header()).as(name).isNotEmpty();
            for (ArgSpec each : spec.args()) {
                assertThat(each.hidden() || each.description().length > 0)
                        .as("%s %s", name, each.paramLabel())
                        .isTrue();
            }
        }
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # The shell: `coord-cli`

                For servers of Coord and of ZooKeeper. Made from the commands' own words: `help <command>` shows the same.

                """);
        CommandLine process = Arguments.parser(new Arguments());
        page.append("```\n").append(process.getUsageMessage(Ansi.OFF)).append("```\n\n");
        for (String group : CommandTable.groupNames()) {
            page.append("- ").append(group).append(": ");
            page.append(String.join(
                    ", ",
                    CommandTable.names(group).stream()
                            .map(each -> "[" + each + "](#" + each.toLowerCase(Locale.ROOT) + ")")
                            .toList()));
            page.append('\n');
        }
        for (String name : CommandTable.names()) {
            append(page, name, CommandTable.describe(name).orElseThrow());
        }
        return page.toString();
    }

    private static void append(StringBuilder page, String name, CommandLine line) {
        line.setSeparator(" ");
        CommandSpec spec = line.getCommandSpec();
        page.append("\n## ").append(name).append('\n');
        page.append(String.join(" ", spec.usageMessage().header())).append(".\n");
        page.append("\n```\n").append(line.getHelp().synopsis(0).strip()).append("\n```\n");
        String description = String.join("\n\n", spec.usageMessage().description());
        if (!description.isEmpty()) {
            page.append('\n').append(description).append('\n');
        }
        List<ArgSpec> shown = spec.args().stream()
                .filter(each -> !each.hidden() && !(each instanceof OptionSpec option && option.usageHelp()))
                .toList();
        if (!shown.isEmpty()) {
            page.append("\n| | |\n|---|---|\n");
        }
        for (ArgSpec each : shown) {
            String what = each instanceof OptionSpec option
                    ? String.join(", ", option.names()) + (option.arity().max() > 0 ? ' ' + each.paramLabel() : "")
                    : each.paramLabel();
            page.append("| `").append(what.replace("|", "\\|")).append("` | ");
            page.append(String.join(" ", each.description()).replace("|", "\\|"))
                    .append(" |\n");
        }
    }
}
