package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.CoordException;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.response.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
    private static final long SLACK_NS = TimeUnit.MILLISECONDS.toNanos(17);

    private static Call call(long deadlineNs) {
        return new Call("op", "/", PingRequest.INSTANCE, Repeat.READ, 0, deadlineNs) {
            @Override
            protected void onResponse(Response response, long zxid) {
                throw new AssertionError();
            }

            @Override
            protected void onFailure(CoordException failure) {
                throw new AssertionError();
            }
        };
    }

    @Test
    void expiresEachCallOnceAndNeverEarlyOrMuchTooLate() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            // The clock of System.nanoTime() may overflow at any time.
            long now = seed % 2 == 0 ? random.nextLong() : Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(seed);
            DeadlineWheel wheel = new DeadlineWheel(now);
            Set<Call> expected = new HashSet<>();
            List<Call> calls = new ArrayList<>();
            for (int step = 0; step < 3_000; step++) {
                int what = random.nextInt(10);
                if (what < 5) {
                    long span = random.nextInt(5) == 0 ? 60_000 : 2_000;
                    Call call = call(now + TimeUnit.MILLISECONDS.toNanos((long) (random.nextDouble() * span)));
                    wheel.add(call);
                    calls.add(call);
                    expected.add(call);
                } else if (what < 8 && !calls.isEmpty()) {
                    Call call = calls.get(random.nextInt(calls.size()));
                    wheel.remove(call);
                    expected.remove(call);
                } else {
                    long wake = wheel.nextExpiryNs();
                    long target = now + TimeUnit.MILLISECONDS.toNanos(random.nextInt(400));
                    now = wake != DeadlineWheel.NEVER && wake - target < 0 ? Math.max(wake - now, 0) + now : target;
                    long at = now;
                    wheel.expire(now, call -> {
                        assertThat(call.deadlineNs - at).isLessThanOrEqualTo(0);
                        assertThat(expected.remove(call)).isTrue();
                    });
                    assertThat(expected)
                            .as("seed %d", seed)
                            .allSatisfy(call -> assertThat(at - call.deadlineNs).isLessThanOrEqualTo(SLACK_NS));
                }
                assertThat(wheel.nextExpiryNs() == DeadlineWheel.NEVER).isEqualTo(expected.isEmpty());
            }
        }
    }

    @Test
    void holdsNoCallWithoutADeadline() {
        DeadlineWheel wheel = new DeadlineWheel(0);
        wheel.add(call(DeadlineWheel.NEVER));
        assertThat(wheel.nextExpiryNs()).isEqualTo(DeadlineWheel.NEVER);
    }
}
