package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.client.CoordClient;
import io.coord.client.watch.WatchEvent;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.EventType;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What commands work with, and what the shell remembers from one to the next. The shell's thread; events on callback threads. */
public final class Shell {
    private final Connection connection;
    private final Output output;
    private final @Nullable InputStream input;
    private final Watcher watcher = this::onEvent;
    private final List<String> history = new ArrayList<>();
    private volatile Questions questions = Questions.NOBODY;
    private volatile Consumer<String> eventPrinter;
    private volatile boolean printsWatches = true;
    private boolean quitting;

    /** @param input data that commands are told to read from standard input; null where that holds the commands themselves */
    public Shell(Connection connection, Output output, @Nullable InputStream input) {
        this.connection = connection;
        this.output = output;
        this.input = input;
        this.eventPrinter = output::line;
    }

    public Connection connection() {
        return connection;
    }

    public Output output() {
        return output;
    }

    InputStream input() {
        InputStream data = input;
        if (data == null) {
            throw CommandFailedException.usage("Standard input holds the commands: data must come from a file");
        }
        return data;
    }

    CoordClient client() {
        return connection.client();
    }

    /** Whoever is to be asked before something dangerous is done. */
    public void askBy(Questions who) {
        this.questions = who;
    }

    void confirm(boolean already, String question) {
        if (!already && !questions.confirm(question)) {
            throw CommandFailedException.refused("Not done");
        }
    }

    /** Prints the events of watches, a line at a time, instead of the output. */
    public void printEventsBy(Consumer<String> printer) {
        this.eventPrinter = printer;
    }

    boolean isPrintingWatches() {
        return printsWatches;
    }

    void printWatches(boolean value) {
        this.printsWatches = value;
    }

    /** Always the same: a watch that is set twice is told once. */
    Watcher watcher() {
        return watcher;
    }

    private void onEvent(WatchEvent event) {
        if (!printsWatches) {
            return;
        }
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("event", event.type().name());
            json.put("path", event.path());
            json.put("zxid", event.zxid());
            eventPrinter.accept(Json.line(json));
        } else {
            eventPrinter.accept("\nWATCHER::\n\nWatchedEvent state:SyncConnected type:" + name(event.type()) + " path:"
                    + event.path() + " zxid: " + event.zxid());
        }
    }

    /** {@code NodeDataChanged} for instance, as ZooKeeper's shell writes it. */
    private static String name(EventType type) {
        StringBuilder name = new StringBuilder();
        for (String word : type.name().split("_", 0)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** Lines that were given, from number 0 on. */
    public List<String> history() {
        return history;
    }

    void quit() {
        this.quitting = true;
    }

    /** Whether the one at the terminal wants to leave. */
    public boolean isQuitting() {
        return quitting;
    }
}
