package io.coord.verification.simulation;

import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.DrivenCache;
import io.coord.recipes.internal.queue.Failure;
import io.coord.verification.simulation.invariant.CachesShowTheTree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client's cache of a tree that all clients change. */
final class CacheUser implements RecipeUser, DrivenCache.World {
    static final String ROOT = "/cache";
    private static final long MS = 1_000_000;
    private static final long RETRY_PAUSE_NS = 250 * MS;
    private static final long PZXID_UNKNOWN = -1;
    private static final int TIMEOUT_MS = 1_500;
    private static final int RECURSIVE = 1;
    private static final byte[] NO_DATA = {};

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final DrivenCache cache = new DrivenCache(ROOT, this);
    private boolean connected;
    private boolean arming;
    private boolean armed;

    CacheUser(SimulatedClient client, SimulatedCluster cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    @Override
    public void start() {
        cluster.invariants().tell(CachesShowTheTree.class, each -> each.onCache(client.id(), ROOT, cache.nodes()));
        client.addListener(this::onSessionEvent);
        connected = client.state() == SessionState.CONNECTED;
        arm();
        client.endTurn();
    }

    /** Nobody changes the tree any more. */
    @Override
    public void end() {}

    @Override
    public boolean isEnded() {
        return cache.isInSync();
    }

    @Override
    public String wish() {
        return "has an incomplete cache";
    }

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> {
                connected = true;
                if (armed) {
                    beginComparison();
                } else {
                    arm();
                }
            }
            case SUSPENDED, LOST, CLOSED -> {
                connected = false;
                cache.disconnected();
            }
            case READ_ONLY -> {}
        }
        client.endTurn();
    }

    private void beginComparison() {
        cluster.invariants().tell(CachesShowTheTree.class, each -> each.onCompares(client.id()));
        cache.connected();
    }

    private void arm() {
        if (!connected || arming || armed) {
            return;
        }
        arming = true;
        client.call(
                new AddWatchRequest(ROOT, RECURSIVE),
                Repeat.READ,
                TIMEOUT_MS,
                client.watch(WatchKind.PERSISTENT_RECURSIVE, ROOT, event -> {
                    cache.event(event.type(), event.path(), event.zxid());
                    client.endTurn();
                }),
                outcome -> {
                    arming = false;
                    if (outcome.isOk()) {
                        armed = true;
                        if (connected) {
                            beginComparison();
                        }
                    } else {
                        client.process().inOwnTime(RETRY_PAUSE_NS, () -> {
                            arm();
                            client.endTurn();
                        });
                    }
                });
    }

    // ---- What the core wants

    @Override
    public void read(List<DrivenCache.Read> reads, long epoch) {
        if (reads.size() == 1) {
            DrivenCache.Read read = reads.get(0);
            call(request(read, OpCode.GET_CHILDREN2), outcome -> {
                if (outcome.failure() == null) {
                    answer(read.path(), outcome.response(), epoch);
                } else {
                    failed(read.path(), outcome.failure(), epoch);
                }
                cache.requestDone(epoch);
            });
            return;
        }
        cluster.stats().cacheBatches++;
        List<Request> ops = new ArrayList<>();
        reads.forEach(each -> ops.add(request(each, OpCode.GET_CHILDREN)));
        call(new MultiReadRequest(ops), outcome -> {
            if (outcome.failure() == null) {
                answer(reads, (MultiResponse) outcome.response(), epoch);
            } else {
                reads.forEach(each -> cache.readFailed(each.path(), epoch));
            }
            cache.requestDone(epoch);
        });
    }

    private static Request request(DrivenCache.Read read, OpCode listing) {
        return switch (read.kind()) {
            case DATA -> new GetDataRequest(read.path(), false);
            case STAT -> new ExistsRequest(read.path(), false);
            case CHILDREN -> new GetChildrenRequest(listing, read.path(), false);
        };
    }

    private void call(Request request, Consumer<SimulatedClient.CallOutcome> done) {
        client.call(request, Repeat.READ, TIMEOUT_MS, null, done);
    }

    private void answer(List<DrivenCache.Read> reads, MultiResponse response, long epoch) {
        for (int i = 0; i < reads.size(); i++) {
            String path = reads.get(i).path();
            MultiResponse.Result result = response.results().get(i);
            if (result instanceof MultiResponse.Done done) {
                answer(path, done.response(), epoch);
            } else if (result instanceof MultiResponse.Failed failed && failed.error() == ErrorCode.NO_NODE.code()) {
                cache.missing(path, epoch);
            } else {
                cache.readFailed(path, epoch);
            }
        }
    }

    private void answer(String path, Response response, long epoch) {
        if (response instanceof GetDataResponse found) {
            byte[] data = found.data();
            cache.dataRead(path, found.stat(), data == null ? NO_DATA : data, epoch);
        } else if (response instanceof StatResponse found) {
            cache.statRead(path, found.stat(), epoch);
        } else if (response instanceof GetChildren2Response found) {
            cache.childrenRead(path, found.children(), found.stat().pzxid(), epoch);
        } else if (response instanceof GetChildrenResponse found) {
            cache.childrenRead(path, found.children(), PZXID_UNKNOWN, epoch);
        } else {
            throw new IllegalStateException("no answer to a read: " + response);
        }
    }

    private void failed(String path, CoordException failure, long epoch) {
        if (Failure.of(failure).kind() == Failure.Kind.NO_NODE) {
            cache.missing(path, epoch);
        } else {
            cache.readFailed(path, epoch);
        }
    }

    @Override
    public void retryLater(long epoch) {
        client.process().inOwnTime(RETRY_PAUSE_NS, () -> {
            cache.retry(epoch);
            client.endTurn();
        });
    }

    @Override
    public void changed(@Nullable CachedNode before, @Nullable CachedNode after) {
        cluster.stats().cacheChanges++;
        cluster.invariants().tell(CachesShowTheTree.class, each -> each.onCacheChanged(client.id(), before, after));
    }

    @Override
    public void complete() {
        cluster.stats().cachesComplete++;
        cluster.invariants().tell(CachesShowTheTree.class, each -> each.onComplete(client.id()));
    }
}
