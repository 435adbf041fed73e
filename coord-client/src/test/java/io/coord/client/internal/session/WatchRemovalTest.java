package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.CoordException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.internal.session.CoreHarness.RecordedCall;
import io.coord.client.internal.watch.PathMapping;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchTarget;
import io.coord.client.internal.watch.WatchWithdrawal;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.EmptyResponse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which watches the server is told to forget, and when it must not be told. */
class WatchRemovalTest {
    private final CoreHarness it = new CoreHarness().connected();
    private final Watcher first = event -> {};
    private final Watcher second = event -> {};

    private static final class Outcome implements Result<@Nullable Void> {
        private @Nullable CoordException failure;

        @Override
        public boolean succeed(@Nullable Void value) {
            return true;
        }

        @Override
        public void fail(CoordException reason) {
            failure = reason;
        }
    }

    private Outcome withdrawGuaranteed() {
        Outcome outcome = new Outcome();
        it.core.withdraw(
                it.now,
                new WatchWithdrawal(
                        "/a", "/a", first, WatcherType.ANY, false, false, true, TimeUnit.SECONDS.toNanos(1)),
                outcome);
        it.core.endTurn(it.now);
        return outcome;
    }

    private RecordedCall submitArming(Request request, WatchKind kind) {
        RecordedCall call = it.new RecordedCall("/a", request, Repeat.READ, 1_000);
        call.arming(new WatchArming(kind, "/a", new WatchTarget(second, new CoreHarness.Inline(), PathMapping.NONE)));
        return it.submit(call);
    }

    private long removals() {
        return it.sent.stream().filter(RemoveWatchesRequest.class::isInstance).count();
    }

    @Test
    void aGuaranteedRemovalIsTriedAgainAfterItsDeadline() {
        it.watch("/a", first);
        Outcome outcome = withdrawGuaranteed();
        assertThat(removals()).isEqualTo(1);
        it.runMs(1_100);
        assertThat(outcome.failure).isInstanceOf(RequestTimeoutException.class);
        assertThat(removals()).isEqualTo(2);
    }

    @Test
    void aGuaranteedRemovalDoesNotRemoveAWatchThatWasSetMeanwhile() {
        it.watch("/a", first);
        withdrawGuaranteed();
        it.runMs(500);
        RecordedCall again = submitArming(new ExistsRequest("/a", true), WatchKind.DATA);
        it.runMs(600);
        assertThat(again.isPending()).isTrue();
        assertThat(removals()).as("the second would end the new watch").isEqualTo(1);
    }

    @Test
    void aPersistentWatchThatIsArmedAfterItsDeadlineIsRemovedFromTheServer() {
        RecordedCall late =
                submitArming(new AddWatchRequest("/a", AddWatchMode.PERSISTENT.code()), WatchKind.PERSISTENT);
        int xid = it.lastXid;
        it.runMs(1_100);
        assertThat(late.failure).isInstanceOf(RequestTimeoutException.class);
        assertThat(removals()).isZero();
        it.core.onReply(it.now, it.connection, xid, 5, 0, EmptyResponse.INSTANCE);
        it.core.endTurn(it.now);
        assertThat(it.watches.size()).isZero();
        assertThat(removals()).isEqualTo(1);
    }
}
