package io.coord.cli.command;

import io.coord.cli.output.Output;

/** A bar that is drawn over itself, for somebody who can see colours; for nobody else. One thread. */
final class ProgressLine {
    private static final int WIDTH = 40;

    private final Output output;
    private int shown = -1;

    ProgressLine(Output output) {
        this.output = output;
    }

    void show(long done, long total) {
        int percent = (int) Math.min(99, 100 * done / Math.max(1, total));
        if (!output.colored() || output.isJson() || percent == shown) {
            return;
        }
        shown = percent;
        int filled = percent * WIDTH / 100;
        output.err().print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + percent + " %");
        output.err().flush();
    }

    /** Wipes it away. */
    void end() {
        if (shown >= 0) {
            shown = -1;
            output.err().print("\r" + " ".repeat(WIDTH + 10) + "\r");
            output.err().flush();
        }
    }
}
