package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.NodeExistsException;
import io.coord.protocol.data.Stat;
import io.coord.verification.ensemble.faults.RegisterOperation.Kind;
import io.coord.verification.ensemble.faults.Tally.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients read, write, and write if the version is as they know it, one register after the other: each must be linearizable. */
final class RegisterWork implements Work {
    private static final String PARENT = "/registers";

    /** A znode, and what was done with it. */
    private static final class Register {
        final String path;
        final long initialValue;
        final RegisterHistory history;
        final AtomicInteger begun = new AtomicInteger();

        Register(String path, long initialValue) {
            this.path = path;
            this.initialValue = initialValue;
            this.history = new RegisterHistory(initialValue);
        }
    }

    private final Tally tally = new Tally();
    private final List<Register> registers = new ArrayList<>();
    private final AtomicLong values = new AtomicLong();
    private final int[] known = new int[3];

    @Override
    public String name() {
        return "registers";
    }

    @Override
    public int clients() {
        return known.length;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    private synchronized Register current() {
        if (registers.isEmpty() || registers.get(registers.size() - 1).begun.get() >= RegisterHistory.MOST) {
            registers.add(new Register(PARENT + "/r" + registers.size(), values.incrementAndGet()));
        }
        return registers.get(registers.size() - 1);
    }

    @Override
    public void step(int number, CoordClient client) {
        Register register = current();
        if (!isThere(client, register) || register.begun.incrementAndGet() > RegisterHistory.MOST) {
            return;
        }
        switch (ThreadLocalRandom.current().nextInt(3)) {
            case 0 -> write(number, client, register, RegisterOperation.ANY);
            case 1 -> write(number, client, register, known[number]);
            default -> read(number, client, register);
        }
    }

    /** Whoever comes first makes it; a second attempt finds what a first one of unknown fate has made. */
    private boolean isThere(CoordClient client, Register register) {
        if (register.begun.get() > 0) {
            return true;
        }
        Outcome<String> made = tally.call(
                () -> client.create().creatingParentsIfNeeded().forPath(register.path, bytes(register.initialValue)));
        return made.answer().isPresent()
                || made.failure().filter(NodeExistsException.class::isInstance).isPresent();
    }

    private void write(int number, CoordClient client, Register register, int expected) {
        long value = values.incrementAndGet();
        long begin = System.nanoTime();
        Outcome<Stat> outcome =
                tally.call(() -> client.setData().withVersion(expected).forPath(register.path, bytes(value)));
        long end = System.nanoTime();
        if (outcome.answer().isPresent()) {
            int version = outcome.answer().get().version();
            known[number] = version;
            register.history.add(new RegisterOperation(Kind.WRITE, value, expected, version, begin, end));
        } else if (outcome.isUnknown()) {
            register.history.add(new RegisterOperation(
                    Kind.WRITE, value, expected, RegisterOperation.NOT_TOLD, begin, RegisterOperation.NEVER));
        } else if (outcome.failure()
                .filter(BadVersionException.class::isInstance)
                .isPresent()) {
            register.history.add(
                    new RegisterOperation(Kind.REFUSED, value, expected, RegisterOperation.NOT_TOLD, begin, end));
        }
    }

    private void read(int number, CoordClient client, Register register) {
        StatHolder stat = new StatHolder();
        long begin = System.nanoTime();
        Outcome<byte[]> outcome = tally.call(
                () -> client.getData().afterSync().storingStatIn(stat).forPath(register.path));
        long end = System.nanoTime();
        outcome.answer().ifPresent(data -> {
            known[number] = stat.get().version();
            register.history.add(new RegisterOperation(
                    Kind.READ,
                    ByteBuffer.wrap(data).getLong(),
                    RegisterOperation.ANY,
                    stat.get().version(),
                    begin,
                    end));
        });
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    @Override
    public synchronized List<String> violations(CoordClient client) {
        return registers.stream()
                .filter(each -> !each.history.isLinearizable())
                .map(each -> each.path + " was no register: " + each.history.operations())
                .toList();
    }
}
