package io.coord.cli.command;

import java.time.Duration;

/** Lengths of time for reading. */
final class Durations {
    private Durations() {}

    /** The two largest units that matter; a clock that is behind the server's makes none of less than nothing. */
    static String text(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        return seconds < 86_400
                ? seconds / 3_600 + "h " + seconds / 60 % 60 + "m"
                : seconds / 86_400 + "d " + seconds / 3_600 % 24 + "h";
    }
}
