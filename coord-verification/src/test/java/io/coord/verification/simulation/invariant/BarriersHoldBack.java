package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A barrier's promise. */
public final class BarriersHoldBack extends Invariant {
    /**
     * @param seenZxid what the client had seen when it began to wait: nothing older can be the reason to pass
     */
    private record Wait(int client, String path, long seenZxid) {}

    private final History history;
    private final Map<Integer, Long> seenZxids = new HashMap<>();
    private final IdentityHashMap<Object, Wait> waits = new IdentityHashMap<>();

    BarriersHoldBack(History history) {
        super("whoever waits for a barrier passes only if it was lifted meanwhile");
        this.history = history;
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        seenZxids.merge(client, zxid, Math::max);
    }

    @Override
    protected void onClientGone(int client) {
        seenZxids.remove(client);
        waits.values().removeIf(each -> each.client() == client);
    }

    /** @param waiter one wait, told again when it passes */
    public void onWaits(int client, String path, Object waiter) {
        waits.put(waiter, new Wait(client, path, seenZxids.getOrDefault(client, 0L)));
    }

    public void onPasses(Object waiter) {
        Wait wait = waits.remove(waiter);
        require(
                wait == null
                        || history.since(wait.path(), wait.seenZxid()).stream().anyMatch(each -> !each.exists()),
                "%s passes, and the barrier was there all the time",
                wait);
    }
}
