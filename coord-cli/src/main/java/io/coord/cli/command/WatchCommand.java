package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.OutputFailedException;
import io.coord.client.session.Registration;
import io.coord.client.session.SessionEvent;
import io.coord.client.watch.Watch;
import io.coord.client.watch.WatchEvent;
import io.coord.protocol.data.AddWatchMode;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows what happens to a znode. */
@Command(
        name = "watch",
        header = "Follows what happens to a znode and below it, as JSON lines",
        description = {
            "Ends with the first event, with -f at Ctrl-C. Changes while the connection is away are not told; lines with \"session\" say when that was. "
                    + "With --nodes the whole tree below the path is kept in memory, so that each change comes with the znode as it "
                    + "was and as it is, and nothing that lasts is missed."
        })
final class WatchCommand extends ShellCommand {
    @Option(names = "-f", description = "Goes on until Ctrl-C.")
    private boolean following;

    @Option(names = "-n", paramLabel = "count", description = "Ends after so many events.")
    private @Nullable Integer count;

    @Option(names = "--nodes", description = "Each event with the znode's stat and data, before and after.")
    private boolean withNodes;

    @Option(
            names = "--this-only",
            description = "Not what is below: the znode and, without --nodes, its list of children.")
    private boolean single;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        Integer limit = count;
        if (limit != null && limit < 1) {
            throw CommandFailedException.usage("-n must be 1 or more");
        }
        CountDownLatch wanted = new CountDownLatch(limit != null ? limit : following ? Integer.MAX_VALUE : 1);
        Registration session = shell.client().addSessionListener(event -> print(shell, event));
        try {
            if (withNodes) {
                followNodes(shell, wanted);
            } else {
                followEvents(shell, wanted);
            }
        } finally {
            session.close();
        }
        return ExitCode.DONE;
    }

    private void followEvents(Shell shell, CountDownLatch wanted) throws InterruptedException {
        AddWatchMode mode = single ? AddWatchMode.PERSISTENT : AddWatchMode.PERSISTENT_RECURSIVE;
        try (Watch watch = shell.client()
                .watchers()
                .add()
                .withMode(mode)
                .usingWatcher(event -> print(shell, wanted, event))
                .forPath(path)) {
            shell.output().note("Watching " + watch.path());
            wanted.await();
        }
    }

    private void followNodes(Shell shell, CountDownLatch wanted) throws InterruptedException {
        var builder = CoordCache.builder(shell.client(), path);
        try (CoordCache cache = (single ? builder.singleNode() : builder).build()) {
            CountDownLatch initialized = new CountDownLatch(1);
            cache.addListener(new CacheListener() {
                @Override
                public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
                    if (initialized.getCount() == 0) {
                        print(shell, wanted, type, before, after);
                    }
                }

                @Override
                public void onInitialized() {
                    initialized.countDown();
                }
            });
            cache.start();
            initialized.await();
            shell.output().note("Watching " + path);
            wanted.await();
        }
    }

    private static void print(Shell shell, CountDownLatch wanted, WatchEvent event) {
        Map<String, @Nullable Object> json = begun();
        json.put("event", event.type().name());
        json.put("path", event.path());
        json.put("zxid", event.zxid());
        print(shell, wanted, json);
    }

    private static void print(
            Shell shell,
            CountDownLatch wanted,
            CacheListener.Type type,
            @Nullable CachedNode before,
            @Nullable CachedNode after) {
        Map<String, @Nullable Object> json = begun();
        json.put("event", type.name());
        json.put("old", node(before));
        json.put("new", node(after));
        print(shell, wanted, json);
    }

    private static void print(Shell shell, CountDownLatch wanted, Map<String, @Nullable Object> json) {
        if (wanted.getCount() > 0) {
            try {
                shell.output().json(json);
                wanted.countDown();
            } catch (OutputFailedException e) {
                // Nobody reads any more; the waiting command finds the same out.
                while (wanted.getCount() > 0) {
                    wanted.countDown();
                }
            }
        }
    }

    private static void print(Shell shell, SessionEvent event) {
        if (event.type() != SessionEvent.Type.CONNECTED && event.type() != SessionEvent.Type.CLOSED) {
            Map<String, @Nullable Object> json = begun();
            json.put("session", event.type().name());
            shell.output().json(json);
        }
    }

    private static Map<String, @Nullable Object> begun() {
        Map<String, @Nullable Object> json = Json.object();
        json.put("time", Instant.now().toString());
        return json;
    }

    private static @Nullable Map<String, @Nullable Object> node(@Nullable CachedNode node) {
        if (node == null) {
            return null;
        }
        Map<String, @Nullable Object> json = Json.object();
        json.put("path", node.path());
        json.put("stat", Json.stat(node.stat()));
        Json.putData(json, node.data());
        return json;
    }
}
