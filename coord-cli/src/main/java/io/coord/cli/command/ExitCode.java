package io.coord.cli.command;

import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.RequestTimeoutException;

/** What the process ends with. */
public enum ExitCode {
    DONE(0),
    /** The server said no, or there was something else in the way: nothing was changed, unless the command says otherwise. */
    REFUSED(1),
    /** The command line is wrong; nothing was done. */
    USAGE(2),
    /** No server answered; nothing was done. */
    CANNOT_CONNECT(3),
    /** A write was sent and its answer never came: it may have happened. */
    OUTCOME_UNKNOWN(4),
    /** Ctrl-C, as a shell counts it. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static ExitCode of(CoordException failure) {
        if (failure.isOutcomeUnknown()) {
            return OUTCOME_UNKNOWN;
        }
        if (failure instanceof CallInterruptedException) {
            return INTERRUPTED;
        }
        boolean isUnheard = failure instanceof RequestTimeoutException || failure instanceof ClientClosedException;
        return isUnheard ? CANNOT_CONNECT : REFUSED;
    }
}
