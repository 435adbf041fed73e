package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.NodeExistsException;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.recipes.lock.LeaseState;
import io.coord.recipes.lock.Mutex;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Clients take one lock in turns, look at how certain they are, and write with their fencing token into a ledger: certain holders
 * never overlap, tokens grow, and the ledger never takes an older token behind a newer one.
 */
final class LockWork implements Work {
    private static final int CLIENTS = 3;
    private static final String LOCK = "/lock";
    private static final String LEDGER = "/ledger";
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final int MOST_WRITES = 4;

    /** The lock was certainly held, by one lease, all the time between two moments at which that was looked at. */
    private record Certainty(long token, long from, long until) {}

    private final Tally tally = new Tally();
    private final List<Certainty> certainties = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    @Override
    public String name() {
        return "locks";
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
        Mutex lock = new Mutex(client, LOCK);
        Optional<Lease> granted = tally.call(() -> lock.acquire(WAIT)).answer().flatMap(each -> each);
        if (granted.isEmpty()) {
            return;
        }
        try (Lease lease = granted.get()) {
            hold(client, lease);
        }
    }

    private void hold(CoordClient client, Lease lease) {
        long from = Long.MIN_VALUE;
        long until = Long.MIN_VALUE;
        for (int i = ThreadLocalRandom.current().nextInt(MOST_WRITES); i >= 0; i--) {
            long before = System.nanoTime();
            if (lease.state() == LeaseState.HELD) {
                from = from == Long.MIN_VALUE ? System.nanoTime() : from;
                until = before;
            }
            tally.call(() -> write(client, lease));
        }
        if (until > from) {
            note(new Certainty(lease.fencingToken(), from, until));
        }
    }

    /** The ledger has whatever token was written last; in a transaction that the servers refuse once the lock is lost. */
    private boolean write(CoordClient client, Lease lease) {
        try {
            StatHolder seen = new StatHolder();
            if (client.checkExists().forPath(LEDGER) == null) {
                client.create().forPath(LEDGER, bytes(0));
            }
            long last = ByteBuffer.wrap(client.getData().storingStatIn(seen).forPath(LEDGER))
                    .getLong();
            lease.guarded(client.transactionOp()
                    .setData()
                    .withVersion(seen.get().version())
                    .forPath(LEDGER, bytes(lease.fencingToken())));
            if (last > lease.fencingToken()) {
                note("the ledger had token " + last + " and took the older " + lease.fencingToken());
            }
            return true;
        } catch (LeaseLostException | NodeExistsException e) {
            return false;
        }
    }

    private static byte[] bytes(long token) {
        return ByteBuffer.allocate(Long.BYTES).putLong(token).array();
    }

    private synchronized void note(Certainty certainty) {
        certainties.add(certainty);
    }

    private synchronized void note(String violation) {
        violations.add(violation);
    }

    @Override
    public synchronized List<String> violations(CoordClient client) {
        List<String> all = new ArrayList<>(violations);
        List<Certainty> inTurn = certainties.stream()
                .sorted(Comparator.comparingLong(Certainty::from))
                .toList();
        for (int i = 1; i < inTurn.size(); i++) {
            Certainty before = inTurn.get(i - 1);
            Certainty after = inTurn.get(i);
            if (after.from() < before.until()) {
                all.add("two held the lock at one time: " + before + ", " + after);
            }
            if (after.token() <= before.token()) {
                all.add("a later holder has no greater token: " + before + ", " + after);
            }
        }
        return all;
    }

    /** How many holders were certain for some time. */
    synchronized int holders() {
        return certainties.size();
    }
}
