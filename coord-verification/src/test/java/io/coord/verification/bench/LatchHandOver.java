package io.coord.verification.bench;

import io.coord.verification.bench.BenchedRecipes.Opening;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Contenders for one leadership: the leader closes again and again, and asks anew behind the others. */
@SuppressWarnings("try") // Closing may be interrupted, as the benchmark may.
final class LatchHandOver implements AutoCloseable {
    private static final int CONTENDERS = 3;
    private static final int LONGEST_SECONDS = 30;

    private final String path = "/latch-bench-" + System.nanoTime();
    private final List<BenchedRecipes> clients = new ArrayList<>();
    private final Set<Contender> contenders = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Elected> elected = new LinkedBlockingQueue<>();
    private Contender leader;

    LatchHandOver(Opening opening, String connectString) throws Exception {
        for (int i = 0; i < CONTENDERS; i++) {
            BenchedRecipes client = opening.open(connectString);
            clients.add(client);
            contend(client);
        }
        leader = next().contender();
    }

    RecipeMeter.Figures run(Duration duration) throws Exception {
        Histogram latencies = new Histogram(3);
        RecipeMeter meter = new RecipeMeter();
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            Contender before = leader;
            long start = System.nanoTime();
            before.close();
            Elected next = next();
            latencies.recordValue(next.nanos() - start);
            leader = next.contender();
            contend(before.client);
        }
        return meter.since(latencies.getTotalCount(), latencies);
    }

    private void contend(BenchedRecipes client) throws Exception {
        Contender contender = new Contender(client);
        contenders.add(contender);
        contender.start();
    }

    private Elected next() throws IOException, InterruptedException {
        Elected next = elected.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException("nobody was elected");
        }
        return next;
    }

    @Override
    public void close() throws Exception {
        for (Contender each : Set.copyOf(contenders)) {
            each.close();
        }
        clients.forEach(BenchedRecipes::close);
    }

    private record Elected(Contender contender, long nanos) {}

    private final class Contender {
        private final BenchedRecipes client;
        private @Nullable AutoCloseable latch;

        Contender(BenchedRecipes client) {
            this.client = client;
        }

        void start() throws Exception {
            latch = client.latch(path, () -> elected.add(new Elected(this, System.nanoTime())));
        }

        void close() throws Exception {
            contenders.remove(this);
            if (latch != null) {
                latch.close();
            }
        }
    }
}
