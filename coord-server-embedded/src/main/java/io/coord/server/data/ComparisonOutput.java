package io.coord.server.data;

import io.coord.server.internal.inspection.SnapshotComparison;
import io.coord.server.internal.tree.ZnodeRecord;
import java.io.PrintStream;
import java.util.List;

/** Prints what changed from one snapshot to another. */
final class ComparisonOutput implements SnapshotComparison.Viewer {
    private final PrintStream out;
    private final boolean json;
    private long differences;
    private long damages;

    ComparisonOutput(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    boolean sawDamage() {
        return damages > 0;
    }

    @Override
    public void onCreated(ZnodeRecord node) {
        line("created", node.path(), List.of());
    }

    @Override
    public void onChanged(ZnodeRecord node, List<String> what) {
        line("changed", node.path(), what);
    }

    @Override
    public void onDeleted(String path) {
        line("deleted", path, List.of());
    }

    private void line(String kind, String path, List<String> what) {
        differences++;
        out.println(
                json
                        ? new JsonLine().add("kind", kind).add("path", path).addTexts("what", what)
                        : kind + ' ' + Texts.escaped(path) + (what.isEmpty() ? "" : ": " + String.join(", ", what)));
    }

    @Override
    public void onSessionOpened(long sessionId) {
        session("opened", sessionId);
    }

    @Override
    public void onSessionClosed(long sessionId) {
        session("closed", sessionId);
    }

    private void session(String kind, long sessionId) {
        differences++;
        out.println(
                json
                        ? new JsonLine().add("kind", kind).add("session", Texts.hex(sessionId))
                        : "session " + Texts.hex(sessionId) + ' ' + kind);
    }

    @Override
    public void onDamage(String file, long offset, String what, boolean goesOn) {
        damages++;
        out.println(Damages.line(json, file, offset, what, goesOn));
    }

    void end() {
        if (!json) {
            out.println(differences + " differences" + (damages == 0 ? "" : ", " + damages + " damaged places"));
        }
    }
}
