package io.coord.cli;

import io.coord.cli.command.CommandTable;
import io.coord.cli.command.PathNames;
import io.coord.cli.command.Shell;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completes names of commands, their options, and paths as the server has them. The main thread, within a line's reading. */
final class WordCompleter implements Completer {
    private final PathNames paths;

    WordCompleter(Shell shell) {
        this.paths = new PathNames(shell);
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String word = line.word().substring(0, line.wordCursor());
        if (line.wordIndex() == 0) {
            CommandTable.names().forEach(each -> candidates.add(new Candidate(each)));
        } else if (word.startsWith("-")) {
            options(line.words().get(0), candidates);
        } else if (word.startsWith("/")) {
            for (String each : paths.startingWith(word)) {
                // No blank behind it: one may go on to its children.
                candidates.add(new Candidate(each, each, null, null, null, null, false));
            }
        } else if (line.words().get(0).equals("help")) {
            CommandTable.names().forEach(each -> candidates.add(new Candidate(each)));
        }
    }

    private static void options(String command, List<Candidate> candidates) {
        CommandTable.describe(command).ifPresent(described -> {
            for (OptionSpec option : described.getCommandSpec().options()) {
                String does = String.join(" ", option.description());
                for (String name : option.names()) {
                    candidates.add(new Candidate(name, name, null, does, null, null, true));
                }
            }
        });
    }
}
