package io.coord.cli.command;

import io.coord.client.ReadOperation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For what may set a watch: {@code -w}, or any word behind the path, which older fingers type. */
final class WatchOption {
    @Option(names = "-w", description = "Sets a watch, which tells of the next change.")
    private boolean wanted;

    boolean isWanted() {
        return wanted;
    }

    /**
     * Takes the older form.
     *
     * @param word behind the path; null when there is none
     * @param usage how it is to be typed now
     */
    void take(Shell shell, @Nullable String word, String command, String usage) {
        if (word != null) {
            wanted = true;
            shell.output()
                    .note("'" + command + " path [watch]' has been deprecated. Please use '" + usage + "' instead.");
        }
    }

    void setOn(ReadOperation<?> request, Shell shell) {
        if (isWanted()) {
            request.usingWatcher(shell.watcher());
        }
    }
}
