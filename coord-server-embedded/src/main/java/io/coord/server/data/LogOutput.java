package io.coord.server.data;

import io.coord.server.internal.inspection.LogEntry;
import io.coord.server.internal.inspection.LogView;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a log: one line for each entry, for reading or in JSON. */
final class LogOutput implements LogView.Viewer {
    private final PrintStream out;
    private final boolean json;
    private final boolean showsData;
    private long entries;
    private long damages;

    LogOutput(PrintStream out, boolean json, boolean showsData) {
        this.out = out;
        this.json = json;
        this.showsData = showsData;
    }

    boolean sawDamage() {
        return damages > 0;
    }

    @Override
    public void onEntry(LogEntry entry) {
        entries++;
        out.println(json ? jsonOf(entry) : textOf(entry));
    }

    @Override
    public void onDamage(String file, long offset, long index, String what) {
        damages++;
        out.println(
                json
                        ? new JsonLine()
                                .add("damage", what)
                                .add("index", index)
                                .add("file", file)
                                .add("offset", offset)
                        : "DAMAGE at index " + index + ": " + what + " (file " + file + ", offset " + offset + ")");
    }

    @Override
    public void onUnfinished(String file, long offset, long bytes) {
        if (json) {
            out.println(
                    new JsonLine().add("unfinished", bytes).add("file", file).add("offset", offset));
        } else {
            out.println("The log ends at offset " + offset + " of " + file
                    + "; behind it is a write that is under way or was never finished");
        }
    }

    void end() {
        if (!json) {
            out.println(entries + " entries" + (damages == 0 ? "" : ", " + damages + " damaged places"));
        }
    }

    private String textOf(LogEntry entry) {
        StringBuilder line = new StringBuilder();
        line.append(Texts.zxid(entry.zxid())).append("  ").append(Instant.ofEpochMilli(entry.timeMs()));
        if (entry.sessionId() != 0) {
            line.append("  session ").append(Texts.hex(entry.sessionId()));
        }
        line.append("  ").append(entry.operation());
        String separator = entry.steps().size() > 1 ? " [" : " ";
        for (LogEntry.Step each : entry.steps()) {
            line.append(separator).append(textOf(each, entry.steps().size() > 1));
            separator = "; ";
        }
        line.append(entry.steps().size() > 1 ? "]" : "");
        if (entry.result() != null) {
            line.append("  -> ").append(entry.result());
            separator = ": ";
            for (LogEntry.Change each : entry.changes()) {
                line.append(separator).append(each.kind()).append(' ').append(Texts.escaped(each.path()));
                separator = ", ";
            }
        }
        return line.toString();
    }

    private String textOf(LogEntry.Step step, boolean named) {
        StringBuilder text = new StringBuilder(named ? step.operation() + ' ' : "").append(Texts.escaped(step.path()));
        if (!step.detail().isEmpty()) {
            text.append(" (").append(step.detail()).append(')');
        }
        byte @Nullable [] data = step.data();
        if (data != null) {
            text.append(' ').append(showsData ? Texts.data(data) : data.length + " bytes");
        }
        return text.toString();
    }

    private JsonLine jsonOf(LogEntry entry) {
        List<JsonLine> steps = new ArrayList<>();
        for (LogEntry.Step each : entry.steps()) {
            JsonLine step = new JsonLine().add("operation", each.operation()).add("path", each.path());
            if (!each.detail().isEmpty()) {
                step.add("detail", each.detail());
            }
            byte @Nullable [] data = each.data();
            if (data != null) {
                step.add("bytes", data.length);
                if (showsData) {
                    step.add("data", Base64.getEncoder().encodeToString(data));
                }
            }
            steps.add(step);
        }
        List<JsonLine> changes = new ArrayList<>();
        for (LogEntry.Change each : entry.changes()) {
            changes.add(new JsonLine().add("kind", each.kind()).add("path", each.path()));
        }
        return new JsonLine()
                .add("index", entry.index())
                .add("zxid", entry.zxid() == LogEntry.UNKNOWN ? null : Texts.hex(entry.zxid()))
                .add("time", Instant.ofEpochMilli(entry.timeMs()).toString())
                .add("session", entry.sessionId() == 0 ? null : Texts.hex(entry.sessionId()))
                .add("operation", entry.operation())
                .add("steps", steps)
                .add("result", entry.result())
                .add("changes", changes)
                .add("file", entry.file())
                .add("offset", entry.offset());
    }
}
