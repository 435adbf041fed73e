package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A thousand clients whose one server restarts: when they come back, on one clock that is moved by hand. */
class ReconnectStormTest {
    private static final int CLIENTS = 1_000;
    private static final long STEP_MS = 2;
    private static final long SLOT_MS = 10;

    /** Attempts by the time since the server went, in slots. */
    private final TreeMap<Long, Integer> attempts = new TreeMap<>();

    private long lastBackMs;

    private void serverIsAwayFor(long awayMs) {
        List<CoreHarness> clients = new ArrayList<>();
        Random seeds = new Random(1);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new CoreHarness(1, List.of(), seeds.nextLong()).connected());
        }
        clients.forEach(each -> {
            // Connections that have stood for a while; the pings on the way do not matter here.
            each.advanceMs(2_000);
            each.breakConnection();
            each.done();
        });
        int back = 0;
        for (long ms = 0; back < CLIENTS; ms += STEP_MS) {
            for (CoreHarness each : clients) {
                each.runMs(STEP_MS);
                if (each.done("connect").isEmpty()) {
                    continue;
                }
                attempts.merge(ms / SLOT_MS, 1, Integer::sum);
                if (ms < awayMs) {
                    each.core.onConnectionClosed(each.now, each.connection, "refused");
                    each.core.endTurn(each.now);
                } else {
                    each.accept(CoreHarness.SESSION);
                    back++;
                    lastBackMs = ms;
                }
            }
        }
        assertThat(clients).allSatisfy(each -> assertThat(each.leaseEnded).isFalse());
    }

    private int mostAttemptsInASlot() {
        return attempts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    @Test
    void comeBackSpreadOverTheFirstWindowWhenTheServerIsThereAtOnce() {
        serverIsAwayFor(0);
        assertThat(lastBackMs).isLessThanOrEqualTo(100);
        assertThat(attempts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(CLIENTS);
        // Even would be 100 in each slot of 10 ms.
        assertThat(mostAttemptsInASlot()).isLessThanOrEqualTo(160);
        assertThat(attempts.headMap(10L).values()).hasSize(10).allMatch(count -> count > 50);
    }

    @Test
    void tryLessOftenAndFurtherApartTheLongerTheServerIsAway() {
        serverIsAwayFor(3_000);
        int sum = attempts.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(sum / CLIENTS).as("attempts of one client").isBetween(4, 8);
        int late = attempts.tailMap(100L).values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        assertThat(late).as("attempts in 10 ms after the first second").isLessThanOrEqualTo(40);
        assertThat(lastBackMs).isLessThanOrEqualTo(3_000 + 3_000);
        // The thousand handshakes that succeed are spread as well.
        long first = attempts.tailMap(300L).firstKey() * SLOT_MS;
        assertThat(lastBackMs - first).isGreaterThan(TimeUnit.SECONDS.toMillis(1));
    }
}
