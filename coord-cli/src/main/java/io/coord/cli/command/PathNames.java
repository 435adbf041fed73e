package io.coord.cli.command;

import io.coord.client.error.CoordException;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.ZnodePath;
import java.time.Duration;
import java.util.List;

/** The paths that a half-typed one may become. The shell's thread. */
public final class PathNames {
    /** Somebody has pressed a key and waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Shell shell;

    public PathNames(Shell shell) {
        this.shell = shell;
    }

    /** Empty when there are none, or nobody tells in time. */
    public List<String> startingWith(String begun) {
        String parent = begun.endsWith("/") && begun.length() > 1
                ? begun.substring(0, begun.length() - 1)
                : ZnodePath.parent(begun);
        if (!ZnodePath.isValid(parent) || shell.connection().state() != SessionState.CONNECTED) {
            return List.of();
        }
        try {
            return shell.client().getChildren().withTimeout(PATIENCE).forPath(parent).stream()
                    .map(name -> ZnodePath.child(parent, name))
                    .filter(path -> path.startsWith(begun))
                    .sorted()
                    .toList();
        } catch (CoordException e) {
            // No such path, no right, no connection: then there is nothing to offer.
            return List.of();
        }
    }
}
