package io.coord.verification.ensemble.faults;

import io.coord.verification.ensemble.MemberProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Breaks an ensemble in one way after the other, as a seed says, and mends it again. One thread uses it. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final int LEAST_MS = 300;
    private static final int MOST_MS = 6_000;
    private static final int LONGEST_REST_MS = 3_000;
    private static final int SLOW_MS = 400;

    private final MemberProcesses members;
    private final Network network;
    private final Random random;
    private final List<FaultKind> kinds;
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);

    /** @param kinds what may happen */
    Faults(MemberProcesses members, Network network, Random random, List<FaultKind> kinds) {
        this.kinds = kinds;
        this.members = members;
        this.network = network;
        this.random = random;
    }

    /** How often each kind was there. */
    Map<FaultKind, Integer> counts() {
        return counts;
    }

    int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** One fault, which is over when this returns; whoever was killed has been started, and may not serve yet. */
    void breakSomething() throws Exception {
        FaultKind kind = kinds.get(random.nextInt(kinds.size()));
        int leader = someLeader();
        LOG.info("Fault {}: {}, the leader was {}", total() + 1, kind, leader);
        inject(kind, leader);
        network.heal();
        for (int each : members.ids()) {
            if (!members.isRunning(each)) {
                members.start(each);
            }
        }
        counts.merge(kind, 1, Integer::sum);
        pass(random.nextInt(LONGEST_REST_MS));
    }

    /** Whoever calls itself so; any member when nobody does. */
    private int someLeader() {
        return members.ids().stream()
                .filter(each -> members.mode(each).equals("leader"))
                .findFirst()
                .orElseGet(this::anyMember);
    }

    private int anyMember() {
        return members.ids().get(random.nextInt(members.ids().size()));
    }

    private int anyBut(int member) {
        List<Integer> others = members.allBut(member);
        return others.get(random.nextInt(others.size()));
    }

    /** Fewer than half of them. */
    private List<Integer> minority() {
        List<Integer> shuffled = shuffled();
        return shuffled.subList(0, (shuffled.size() - 1) / 2);
    }

    private List<Integer> shuffled() {
        List<Integer> shuffled = new ArrayList<>(members.ids());
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private void pass(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void lasts() {
        pass(LEAST_MS + random.nextInt(MOST_MS - LEAST_MS));
    }

    private void inject(FaultKind kind, int leader) throws Exception {
        switch (kind) {
            case LEADER_KILLED -> kill(List.of(leader));
            case MEMBER_KILLED -> kill(List.of(anyMember()));
            case MINORITY_KILLED -> kill(minority());
            case ALL_KILLED -> kill(members.ids());
            case LEADER_STOPPED_IN_ORDER -> {
                members.stop(leader);
                lasts();
            }
            case ALL_RESTARTED_ONE_BY_ONE -> restartOneByOne();
            case LEADER_STANDS_STILL -> standStill(List.of(leader));
            case MEMBER_STANDS_STILL -> standStill(List.of(anyMember()));
            case MAJORITY_STANDS_STILL ->
                standStill(shuffled().subList(0, members.ids().size() / 2 + 1));
            case LEADER_PARTED -> part(List.of(leader));
            case MEMBER_PARTED -> part(List.of(anyMember()));
            case HALVES_PARTED -> part(minority());
            case ONE_WAY_TO_THE_LEADER -> silence(anyBut(leader), leader);
            case ONE_WAY_FROM_THE_LEADER -> silence(leader, anyBut(leader));
            case ONE_WAY -> {
                int from = anyMember();
                silence(from, anyBut(from));
            }
            case BRIDGE -> bridge();
            case LINKS_CUT -> cutLinks();
            case LINKS_REFUSED -> {
                int one = anyMember();
                network.refuse(one, anyBut(one));
                lasts();
            }
            case LINKS_SLOW -> slowLinks();
            case CLIENTS_CUT -> members.ids().forEach(network::cutClients);
            case CLIENTS_BLOCKED -> {
                network.blockClients(anyMember());
                lasts();
            }
            case KILLED_WHILE_PARTED -> {
                network.part(List.of(leader), members.allBut(leader));
                lasts();
                kill(List.of(anyMember()));
            }
        }
    }

    private void kill(List<Integer> who) throws Exception {
        for (int each : who) {
            members.kill(each);
        }
        lasts();
    }

    /** As an operator does it: each when all are there. */
    private void restartOneByOne() throws Exception {
        members.ids().forEach(members::awaitServing);
        for (int each : shuffled()) {
            members.stop(each);
            members.start(each);
            members.awaitServing(each);
        }
    }

    private void standStill(List<Integer> who) throws Exception {
        for (int each : who) {
            members.signal(each, "STOP");
        }
        lasts();
        for (int each : who) {
            members.signal(each, "CONT");
        }
    }

    private void part(List<Integer> these) {
        network.part(
                these,
                members.ids().stream().filter(each -> !these.contains(each)).toList());
        lasts();
    }

    private void silence(int from, int to) {
        network.silence(from, to);
        lasts();
    }

    /** One member hears everybody; the others are two groups that do not hear each other. */
    private void bridge() {
        List<Integer> shuffled = shuffled();
        int middle = 1 + (shuffled.size() - 1) / 2;
        network.part(shuffled.subList(1, middle), shuffled.subList(middle, shuffled.size()));
        lasts();
    }

    private void cutLinks() {
        for (int each : members.ids()) {
            members.allBut(each).forEach(other -> network.cut(each, other));
        }
    }

    private void slowLinks() {
        for (int each : members.ids()) {
            members.allBut(each)
                    .forEach(other -> network.delay(each, other, Duration.ofMillis(random.nextInt(SLOW_MS))));
        }
        lasts();
    }
}
