package io.coord.cli.command;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoNodeException;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Reads lists of children, many at a time. A znode that goes meanwhile is left out. One thread. */
final class TreeReader {
    /** What is asked for at once. */
    private static final int WINDOW = 500;

    /** @param names of the children, sorted */
    record Listing(String path, Stat stat, List<String> names) {
        List<String> childPaths() {
            return names.stream().map(name -> ZnodePath.child(path, name)).toList();
        }
    }

    /** Called in the order of the paths; may read on meanwhile. */
    interface Visitor {
        void onListing(Listing listing) throws InterruptedException;
    }

    private final CoordClient client;
    private final boolean watching;
    private final Shell shell;

    TreeReader(Shell shell, CoordClient client, boolean watching) {
        this.shell = shell;
        this.client = client;
        this.watching = watching;
    }

    /** @throws NoNodeException when it is not there */
    Listing read(String path) throws InterruptedException {
        return listing(path, begin(path));
    }

    void readEach(List<String> paths, Visitor visitor) throws InterruptedException {
        readEach(paths, false, visitor);
    }

    /** As {@link #readEach}; what may not be read is left out with a note. */
    void readEachReadable(List<String> paths, Visitor visitor) throws InterruptedException {
        readEach(paths, true, visitor);
    }

    private void readEach(List<String> paths, boolean readableOnly, Visitor visitor) throws InterruptedException {
        for (int from = 0; from < paths.size(); from += WINDOW) {
            List<String> window = paths.subList(from, Math.min(paths.size(), from + WINDOW));
            List<Pending> pending = new ArrayList<>(window.size());
            for (String path : window) {
                pending.add(begin(path));
            }
            for (int i = 0; i < window.size(); i++) {
                Listing listing;
                try {
                    listing = listing(window.get(i), pending.get(i));
                } catch (NoNodeException e) {
                    continue;
                } catch (NoAuthException e) {
                    if (!readableOnly) {
                        throw e;
                    }
                    shell.output().note(Failures.text(e));
                    continue;
                }
                visitor.onListing(listing);
            }
        }
    }

    private record Pending(StatHolder stat, CompletionStage<List<String>> names) {}

    private Pending begin(String path) {
        StatHolder stat = new StatHolder();
        var request = client.getChildren().storingStatIn(stat);
        if (watching) {
            request.usingWatcher(shell.watcher());
        }
        return new Pending(stat, request.forPathAsync(path));
    }

    private static Listing listing(String path, Pending pending) throws InterruptedException {
        List<String> names = await(pending.names()).stream().sorted().toList();
        return new Listing(path, pending.stat().get(), names);
    }

    /** The value, or the failure as it is. */
    static <T> T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CoordException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
