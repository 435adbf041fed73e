package io.coord.server.data;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.inspection.SnapshotView;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.ZnodeRecord;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a snapshot: one line for each session and each znode, for reading or in JSON. */
final class SnapshotOutput implements SnapshotView.Viewer {
    private final PrintStream out;
    private final String prefix;
    private final boolean json;
    private final boolean showsData;
    private long znodes;
    private long sessions;
    private long bytes;
    private long damages;

    /** @param prefix only this znode and those below it are printed; {@code /} for all */
    SnapshotOutput(PrintStream out, String prefix, boolean json, boolean showsData) {
        this.out = out;
        this.prefix = prefix;
        this.json = json;
        this.showsData = showsData;
    }

    boolean sawDamage() {
        return damages > 0;
    }

    @Override
    public void onHeader(String file, long zxid, long timeMs) {
        String time = Instant.ofEpochMilli(timeMs).toString();
        out.println(
                json
                        ? new JsonLine()
                                .add("file", file)
                                .add("zxid", Texts.hex(zxid))
                                .add("time", time)
                        : file + ": zxid " + Texts.hex(zxid) + ", last transaction " + time);
    }

    @Override
    public void onSession(Session session) {
        sessions++;
        out.println(
                json
                        ? new JsonLine().add("session", Texts.hex(session.id())).add("timeoutMs", session.timeoutMs())
                        : "session " + Texts.hex(session.id()) + ", time-out " + session.timeoutMs() + " ms");
    }

    @Override
    public void onZnode(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) {
        if (!isBelow(node.path())) {
            return;
        }
        byte @Nullable [] data = node.data();
        znodes++;
        bytes += data == null ? 0 : data.length;
        out.println(json ? jsonOf(node, acl, childCount) : textOf(node, acl, childCount));
    }

    private boolean isBelow(String path) {
        return prefix.equals("/")
                || (path.startsWith(prefix)
                        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/'));
    }

    private String textOf(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) {
        byte @Nullable [] data = node.data();
        String kind = node.isEphemeral()
                ? "  ephemeral of session " + Texts.hex(node.owner())
                : node.isContainer() ? "  container" : node.ttlMs() > 0 ? "  ttl " + node.ttlMs() + " ms" : "";
        String content = data == null ? "null" : showsData ? Texts.data(data) : data.length + " bytes";
        return Texts.escaped(node.path()) + "  " + content + kind
                + "  czxid " + Texts.hex(node.czxid()) + " mzxid " + Texts.hex(node.mzxid())
                + " pzxid " + Texts.hex(node.pzxid())
                + "  ctime " + Instant.ofEpochMilli(node.ctime()) + " mtime " + Instant.ofEpochMilli(node.mtime())
                + "  version " + node.version() + " cversion " + cversion(node, childCount)
                + " aversion " + node.aversion() + "  children " + childCount
                + "  acl " + (acl == null ? "unknown" : Texts.acl(acl));
    }

    private JsonLine jsonOf(ZnodeRecord node, @Nullable List<Acl> acl, int childCount) {
        byte @Nullable [] data = node.data();
        JsonLine line = new JsonLine()
                .add("path", node.path())
                .add("czxid", Texts.hex(node.czxid()))
                .add("mzxid", Texts.hex(node.mzxid()))
                .add("pzxid", Texts.hex(node.pzxid()))
                .add("ctime", Instant.ofEpochMilli(node.ctime()).toString())
                .add("mtime", Instant.ofEpochMilli(node.mtime()).toString())
                .add("version", node.version())
                .add("cversion", cversion(node, childCount))
                .add("aversion", node.aversion())
                .add("ephemeralOwner", node.isEphemeral() ? Texts.hex(node.owner()) : "0x0")
                .add("container", node.isContainer())
                .add("ttlMs", node.ttlMs())
                .add("children", childCount)
                .add("bytes", data == null ? 0 : data.length)
                .add("acl", acl == null ? null : Texts.acl(acl));
        if (showsData) {
            line.add("data", data == null ? null : Base64.getEncoder().encodeToString(data));
        }
        return line;
    }

    /** As clients see it. */
    private static int cversion(ZnodeRecord node, int childCount) {
        return 2 * node.createCount() - childCount;
    }

    @Override
    public void onDamage(String file, long offset, String what, boolean goesOn) {
        damages++;
        out.println(Damages.line(json, file, offset, what, goesOn));
    }

    void end() {
        if (!json) {
            out.println(znodes + " znodes, " + bytes + " bytes of data, " + sessions + " sessions"
                    + (damages == 0
                            ? ""
                            : ", " + damages + " damaged places; children are counted as far as they can be read"));
        }
    }
}
