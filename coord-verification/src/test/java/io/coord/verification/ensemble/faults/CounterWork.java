package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import io.coord.protocol.data.Stat;
import io.coord.verification.ensemble.faults.Tally.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Each client counts on in a znode's version, and in a transaction over two znodes: no acknowledged step is lost, none is taken
 * twice, and the two znodes of the transaction stay together.
 */
final class CounterWork implements Work {
    private static final int CLIENTS = 2;

    private static final class Counter {
        final String path;
        int acknowledged;
        int unknown;
        int version;

        Counter(String path) {
            this.path = path;
        }

        String twin() {
            return path + "-twin";
        }
    }

    private final Tally tally = new Tally();
    private final List<Counter> counters = List.of(new Counter("/counter-0"), new Counter("/counter-1"));
    private final List<String> violations = new ArrayList<>();

    @Override
    public String name() {
        return "counters";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step(int number, CoordClient client) {
        Counter counter = counters.get(number);
        Outcome<Integer> outcome = tally.call(() -> client.transaction()
                .forOperations(
                        client.transactionOp().setData().forPath(counter.path),
                        client.transactionOp().setData().forPath(counter.twin()))
                .size());
        if (outcome.answer().isPresent()) {
            counter.acknowledged++;
            check(client, counter);
        } else if (outcome.isUnknown()) {
            counter.unknown++;
        } else if (counter.acknowledged == 0) {
            makeIfMissing(client, counter.path);
            makeIfMissing(client, counter.twin());
        }
    }

    private void makeIfMissing(CoordClient client, String path) {
        tally.call(() -> client.create().idempotent().forPath(path));
    }

    /** A session sees what it has written, whatever server it goes on with. */
    private void check(CoordClient client, Counter counter) {
        Optional<Optional<Stat>> seen = tally.call(
                        () -> Optional.ofNullable(client.checkExists().forPath(counter.path)))
                .answer();
        if (seen.isEmpty()) {
            return;
        }
        int version = seen.get().map(Stat::version).orElse(-1);
        int most = counter.acknowledged + counter.unknown;
        if (version < counter.acknowledged || version > most || version < counter.version) {
            note(counter.path + " shows version " + version + " after " + counter.version + "; " + counter.acknowledged
                    + " steps were acknowledged, " + most + " tried");
        }
        counter.version = version;
    }

    private synchronized void note(String violation) {
        violations.add(violation);
    }

    @Override
    public synchronized List<String> violations(CoordClient client) {
        List<String> all = new ArrayList<>(violations);
        for (Counter counter : counters) {
            Stat one = client.checkExists().forPath(counter.path);
            Stat other = client.checkExists().forPath(counter.twin());
            int steps = one == null ? 0 : one.version();
            int twins = other == null ? 0 : other.version();
            if (steps != twins) {
                all.add(counter.path + " has version " + steps + " and its twin " + twins);
            }
            if (steps < counter.acknowledged || steps > counter.acknowledged + counter.unknown) {
                all.add(counter.path + " has version " + steps + " after " + counter.acknowledged
                        + " acknowledged steps and " + counter.unknown + " of unknown fate");
            }
        }
        return all;
    }
}
