package io.coord.spring.autoconfigure.embedded;

import io.coord.server.EmbeddedServerException;
import io.coord.server.EmbeddedServerException.Reason;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What to do when the server inside the application does not start. */
final class EmbeddedServerFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedServerException> {

    private static final String OTHER_INSTANCE =
            " If it is another instance of this application that this one is to share data with, set 'coord.connect-string' to"
                    + " the address of that one's server.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedServerException cause) {
        BindException bind = findCause(cause, BindException.class);
        FileSystemException file = findCause(cause, FileSystemException.class);
        String description = "The embedded Coord server failed: " + cause.getMessage();
        String action;
        if (bind != null) {
            action = ofBinding(String.valueOf(bind.getMessage()));
        } else if (findCause(cause, UnresolvedAddressException.class) != null) {
            description = "The embedded Coord server failed: 'coord.server.host' is the name of no address" + " ("
                    + cause.getMessage() + ")";
            action =
                    "Set 'coord.server.host' to an address of this machine, such as '127.0.0.1', or to '0.0.0.0' for all.";
        } else if (cause.reason() == Reason.TLS) {
            action = "See to the SSL bundle that 'coord.server.ssl.bundle' names.";
        } else if (cause.reason() == Reason.DIRECTORY_IN_USE) {
            action = "Stop the process that uses 'coord.server.data-dir', or give this one another directory."
                    + OTHER_INSTANCE;
        } else if (file != null) {
            if (!description.contains(reason(file))) {
                description += " (" + reason(file) + ")";
            }
            action =
                    "Set 'coord.server.data-dir' to a directory that this process may create, read and write; without the key the"
                            + " data is in memory.";
        } else {
            action = "Read above what is wrong with the directory that 'coord.server.data-dir' names.";
        }
        return new FailureAnalysis(description, action, cause);
    }

    private static String ofBinding(String message) {
        if (message.contains("assign")) {
            return "Set 'coord.server.host' to an address of this machine, such as '127.0.0.1', or to '0.0.0.0' for all.";
        }
        if (message.contains("ermission")) {
            return "Set 'coord.server.port' to a port that this process may listen on, above 1023 for most users, or leave it out:"
                    + " the application itself needs none.";
        }
        return "Stop the process that has the port, set 'coord.server.port' to another one (0 for any that is free), or leave"
                + " it out: the application itself needs none." + OTHER_INSTANCE;
    }

    private static String reason(FileSystemException e) {
        return e.getReason() == null
                ? e.getClass()
                        .getSimpleName()
                        .replace("Exception", "")
                        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT)
                : e.getReason();
    }
}
