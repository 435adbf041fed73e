package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** What a kept znode promises. */
public final class KeptZnodesAreThere extends Invariant {
    private final History history;
    private final Map<String, KeptZnode> kept = new HashMap<>();
    /** With the session that its keeper is in, by mark. */
    private final Map<String, LongSupplier> gone = new HashMap<>();

    KeptZnodesAreThere(History history) {
        super(
                "when it is quiet a kept znode is there, of its keeper's session and with its data, or somebody else's is;"
                        + " one that was given up does not appear any more, and what is somebody else's is left alone");
        this.history = history;
    }

    /** A client keeps a znode in place from now on. */
    public void onKept(KeptZnode znode) {
        kept.put(znode.mark(), znode);
    }

    /** It has given it up, and says that it is gone, or somebody else's. */
    public void onKeptGone(int client, String path, String mark, LongSupplier session) {
        kept.remove(mark);
        gone.put(mark, session);
        Znode node = history.reference().tree().get(path);
        require(
                node == null || node.ephemeralOwner() != session.getAsLong() || !isMarked(node, mark),
                "client %d has given up %s, and it is there",
                client,
                path);
    }

    /** A keeper overwrites, replaces or deletes what it has found. */
    public void onChanges(int client, String path, long owner, boolean mayChange) {
        require(mayChange, "client %d changes %s, which belongs to session 0x%x", client, path, owner);
    }

    /**
     * A keeper stops because it has found somebody else's.
     *
     * @param mayStop whether it has had the znode before, and that is of none of its sessions
     */
    public void onDisplaced(int client, String path, long owner, boolean mayStop) {
        require(mayStop, "client %d gives way to session 0x%x, which has %s", client, owner, path);
        require(
                history.since(path, 0).stream()
                        .anyMatch(each -> each.stat() != null && each.stat().ephemeralOwner() == owner),
                "client %d gives way to session 0x%x, which never had %s",
                client,
                owner,
                path);
    }

    @Override
    protected void onClientGone(int client) {
        kept.values().removeIf(each -> each.client() == client);
    }

    private static boolean isMarked(Znode node, String mark) {
        byte[] data = node.data();
        return data != null && new String(data, StandardCharsets.UTF_8).startsWith(mark);
    }

    /** What appears in a session that is over goes with it. */
    @Override
    protected void onApplied(Commit commit) {
        for (TreeChange each : commit.effects().changes()) {
            Znode node = each.type() == EventType.NODE_CREATED && each.path().startsWith("/kept/")
                    ? history.reference().tree().get(each.path())
                    : null;
            if (node != null && node.data() != null) {
                String text = new String(node.data(), StandardCharsets.UTF_8);
                String mark = text.substring(0, text.indexOf(' ') + 1);
                LongSupplier session = gone.get(mark);
                require(
                        session == null || session.getAsLong() != node.ephemeralOwner(),
                        "%s appears after it was given up, with %s",
                        each.path(),
                        text);
            }
        }
    }

    @Override
    protected void atEnd() {
        for (KeptZnode each : kept.values()) {
            Znode node = history.reference().tree().get(each.path());
            long session = each.session().getAsLong();
            require(node != null, "%s of client %d is not there", each.path(), each.client());
            if (each.inPlace().getAsBoolean()) {
                require(
                        node.ephemeralOwner() == session
                                && Arrays.equals(node.data(), each.data().get()),
                        "%s of client %d is that of session 0x%x with other data than \"%s\"",
                        each.path(),
                        each.client(),
                        node.ephemeralOwner(),
                        new String(each.data().get(), StandardCharsets.UTF_8));
            } else {
                require(
                        each.occupied().getAsBoolean()
                                && node.ephemeralOwner() != session
                                && history.reference().sessions().get(node.ephemeralOwner()) != null,
                        "client %d does not keep %s, and nobody else does",
                        each.client(),
                        each.path());
            }
        }
    }
}
