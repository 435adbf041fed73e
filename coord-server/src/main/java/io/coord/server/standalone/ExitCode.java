package io.coord.server.standalone;

import io.coord.server.EmbeddedServerException.Reason;

/** What the process ends with, ZooKeeper's numbers where it has one. A stop by a signal ends with 128 and the signal's number. */
enum ExitCode {
    DONE(0),
    UNEXPECTED(1),
    /** Wrong arguments or a wrong configuration. */
    INVALID_CONFIGURATION(2),
    /** The data directory is in use, damaged, or cannot be read or written. */
    DATA_DIRECTORY(3),
    /** A port is taken, or its address is none of this machine's. */
    ADDRESS(5);

    final int number;

    ExitCode(int number) {
        this.number = number;
    }

    static ExitCode of(Reason reason) {
        return switch (reason) {
            case ADDRESS -> ADDRESS;
            case DIRECTORY_IN_USE, DATA_DAMAGED, DIRECTORY_UNUSABLE -> DATA_DIRECTORY;
            case TLS -> INVALID_CONFIGURATION;
            case OTHER -> UNEXPECTED;
        };
    }
}
