package io.coord.verification.ensemble.faults;

import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.error.CoordException;
import io.coord.verification.ensemble.MemberProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One ensemble, all kinds of work, one fault after the other; then everything is healed, everybody must be able to work again, and
 * what clients were told is checked.
 */
final class FaultRun {
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration REQUEST = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final long PAUSE_MS = 20;
    /** Fewer acknowledged operations a second say nothing about what was not done. */
    private static final int LEAST_RATE = 10;

    private final int size;
    private final Network network = new Network();
    private final MemberProcesses members;
    private final Faults faults;
    private final LockWork locks = new LockWork();
    private final EphemeralWork ephemerals = new EphemeralWork();
    private final List<Work> works =
            List.of(new RegisterWork(), new SequenceWork(), new CounterWork(), locks, ephemerals, new CacheWork());
    private final List<CoordClient> clients = new ArrayList<>();
    private final List<ScheduledExecutorService> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long workedNanos;

    /** @param classPath of the members: with a bug planted, if there shall be one */
    FaultRun(Path directory, int size, long seed, List<FaultKind> kinds, String classPath) throws IOException {
        this.size = size;
        this.members = new MemberProcesses(
                directory, size, (from, to, which, own) -> network.between(from, to, own), classPath);
        members.ids().forEach(each -> network.inFrontOf(each, members.clientPort(each)));
        this.faults = new Faults(members, network, new Random(seed), kinds);
    }

    private CoordClient client(List<Integer> which) {
        return CoordClient.builder()
                .connectString(which.stream().map(network::address).collect(Collectors.joining(",")))
                .sessionTimeout(SESSION)
                .requestTimeout(REQUEST)
                .connectTimeout(CONNECT)
                .build()
                .start();
    }

    /** Returns what was violated. Ends early at a failure that is none of the ensemble's states. */
    List<String> run(Duration time) throws Exception {
        members.startAll();
        long begin = System.nanoTime();
        work();
        List<String> violations = new ArrayList<>();
        while (System.nanoTime() - begin < time.toNanos() && failure.get() == null && violations.isEmpty()) {
            faults.breakSomething();
            members.ids().stream()
                    .filter(members::hasDied)
                    .forEach(each -> violations.add("member " + each + " ended by itself"));
        }
        if (violations.isEmpty()) {
            members.ids().forEach(members::awaitServing);
            awaitProgress();
        }
        workedNanos = System.nanoTime() - begin;
        threads.forEach(ScheduledExecutorService::shutdown);
        for (ScheduledExecutorService each : threads) {
            if (!each.awaitTermination(1, TimeUnit.MINUTES)) {
                violations.add("a call does not end although its deadline is " + REQUEST);
            }
        }
        if (failure.get() != null) {
            throw new AssertionError("a client's work failed", failure.get());
        }
        if (violations.isEmpty()) {
            violations.addAll(check());
        }
        long rate = done() * TimeUnit.SECONDS.toNanos(1) / workedNanos;
        if (rate < LEAST_RATE && violations.isEmpty()) {
            throw new AssertionError("void: " + rate + " acknowledged operations a second are too few. " + report());
        }
        return violations;
    }

    private void work() {
        for (Work each : works) {
            for (int i = 0; i < each.clients(); i++) {
                int number = i;
                CoordClient client = client(members.ids());
                clients.add(client);
                ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                        task -> new Thread(task, each.name() + "-" + number));
                threads.add(thread);
                thread.scheduleWithFixedDelay(() -> step(each, number, client), 0, PAUSE_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void step(Work work, int number, CoordClient client) {
        try {
            work.step(number, client);
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    private long done() {
        return works.stream().mapToLong(each -> each.tally().done()).sum();
    }

    /** All kinds of work must go on when all faults are over. */
    private void awaitProgress() {
        for (Work each : works) {
            long before = each.tally().done();
            await("progress of the " + each.name())
                    .atMost(MemberProcesses.DEADLINE)
                    .until(() -> failure.get() != null || each.tally().done() > before + each.clients());
        }
    }

    private List<String> check() {
        List<String> violations = new ArrayList<>();
        // The caches' clients stay: their caches must get complete.
        CoordClient client = client(members.ids());
        clients.add(client);
        int at = 0;
        for (Work each : works) {
            List<CoordClient> its = clients.subList(at, at + each.clients());
            at += each.clients();
            if (each == ephemerals) {
                its.forEach(CoordClient::close);
                awaitGone(client);
            }
            for (String violation : each.violations(client)) {
                violations.add(each.name() + ": " + violation);
            }
        }
        violations.addAll(differences());
        return violations;
    }

    /** A client that reaches nobody when it is closed leaves its session to the time-out. */
    private static void awaitGone(CoordClient client) {
        await().atMost(MemberProcesses.DEADLINE)
                .ignoreExceptionsInstanceOf(CoordException.class)
                .until(() -> client.checkExists().forPath("/ephemerals") == null
                        || client.getChildren().forPath("/ephemerals").isEmpty());
    }

    private List<String> differences() {
        List<String> violations = new ArrayList<>();
        TreeCopy first = null;
        int whose = 0;
        for (int each : members.ids()) {
            CoordClient there = client(List.of(each));
            clients.add(there);
            TreeCopy copy = TreeCopy.of(there);
            if (first == null) {
                first = copy;
                whose = each;
            } else {
                for (String difference : first.differences(copy)) {
                    violations.add("members " + whose + " and " + each + " differ: " + difference);
                }
            }
        }
        return violations;
    }

    String report() {
        StringBuilder text = new StringBuilder();
        text.append(size)
                .append(" members, ")
                .append(TimeUnit.NANOSECONDS.toSeconds(workedNanos))
                .append(" s, ");
        text.append(faults.total()).append(" faults ").append(faults.counts()).append('\n');
        works.forEach(each -> text.append("  ")
                .append(each.name())
                .append(": ")
                .append(each.tally())
                .append('\n'));
        text.append("  ").append(locks.holders()).append(" certain holders of the lock, ");
        return text.append(ephemerals.ended()).append(" sessions ended").toString();
    }

    int faults() {
        return faults.total();
    }

    void end() throws InterruptedException {
        threads.forEach(ScheduledExecutorService::shutdownNow);
        members.closeAll();
        clients.forEach(CoordClient::close);
        network.close();
    }
}
