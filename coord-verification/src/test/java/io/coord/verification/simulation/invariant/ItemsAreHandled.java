package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A work queue's promises. */
public final class ItemsAreHandled extends Invariant {
    public static final String ITEMS = "/queue/items";
    public static final String LOCKS = "/queue/locks";

    private record Worker(int client, BooleanSupplier certain) {}

    private final History history;
    private final Map<String, IdentityHashMap<Object, Worker>> atWork = new HashMap<>();
    private final Map<String, String> present = new HashMap<>();
    private final Set<String> put = new HashSet<>();
    private final Set<String> handled = new HashSet<>();

    ItemsAreHandled(History history) {
        super(
                "an item of a queue is handled at least once before it is deleted, and never by two at once who are both certain"
                        + " of its lock; in the end there is none, and no lock");
        this.history = history;
    }

    /** An item was put, and its producer knows. */
    public void onPut(String item) {
        put.add(item);
    }

    /** @param certain whether the worker counts on the item's lock at this moment */
    public void onWork(int client, String name, Object worker, BooleanSupplier certain) {
        IdentityHashMap<Object, Worker> workers = atWork.computeIfAbsent(name, any -> new IdentityHashMap<>());
        if (certain.getAsBoolean()) {
            for (Worker each : workers.values()) {
                require(
                        !each.certain().getAsBoolean(),
                        "clients %d and %d both work on %s and are certain of its lock",
                        each.client(),
                        client,
                        name);
            }
        }
        workers.put(worker, new Worker(client, certain));
    }

    /** @param item what was handled; empty when that failed */
    public void onWorked(String name, Object worker, String item) {
        atWork.getOrDefault(name, new IdentityHashMap<>()).remove(worker);
        if (!item.isEmpty()) {
            handled.add(item);
        }
    }

    @Override
    protected void onClientGone(int client) {
        atWork.values().forEach(each -> each.values().removeIf(worker -> worker.client() == client));
    }

    @Override
    protected void onApplied(Commit commit) {
        Set<String> deleted = new HashSet<>();
        for (TreeChange each : commit.effects().changes()) {
            if (!ITEMS.equals(each.parentPath())) {
                continue;
            }
            if (each.type() == EventType.NODE_CREATED) {
                Znode node = history.reference().tree().get(each.path());
                byte[] data = node == null ? null : node.data();
                if (data != null) {
                    present.put(each.path(), new String(data, StandardCharsets.UTF_8));
                }
            } else {
                deleted.add(present.remove(each.path()));
            }
        }
        for (String item : deleted) {
            require(
                    handled.contains(item) || present.containsValue(item),
                    "the item %s is deleted, and nobody has handled it",
                    item);
        }
    }

    @Override
    protected void atEnd() {
        for (String each : put) {
            require(handled.contains(each), "the item %s was never handled", each);
        }
        Znode locks = history.reference().tree().get(LOCKS);
        require(
                locks == null || history.reference().tree().childNames(locks).isEmpty(),
                "there are locks without items: %s",
                LOCKS);
    }
}
