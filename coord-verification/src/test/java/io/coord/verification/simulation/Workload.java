package io.coord.verification.simulation;

import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.GetDataResponse;
import io.coord.recipes.internal.queue.QueueKind;
import io.coord.verification.simulation.invariant.TransactionsAreAtomic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What clients do: reads and writes of all kinds, watches, transactions, ephemerals, locks. Each write is unlike any other. */
final class Workload {
    private static final long MS = 1_000_000;
    private static final int TIMEOUT_MS = 1_500;
    /** Of sessions: the least that servers give. */
    private static final int SHORTEST_TIMEOUT_MS = 2 * SimulatedServer.TICK_MS;

    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final int HOT_NODES = 4;
    private static final List<String> DIRECTORIES =
            List.of("/data", "/seq", "/eph", "/cas", "/bank", "/lock", "/lock2");

    /** One of the places for clients; when its client is gone the next one takes it. */
    private static final class Slot {
        SimulatedClient client;
        final Random random;
        final Deque<String> own = new ArrayDeque<>();
        boolean watchesAll;
        boolean finished;
        ClientRecipes recipes;

        Slot(SimulatedClient client, Random random) {
            this.client = client;
            this.random = random;
        }
    }

    private final SimulatedCluster cluster;
    private final Random random;
    private final List<Slot> slots = new ArrayList<>();
    private int clients;
    private long writes;
    private long contenders;
    private int setUpLeft;
    private boolean finishing;

    Workload(SimulatedCluster cluster, Random random, int size) {
        this.cluster = cluster;
        this.random = random;
        for (int i = 0; i < size; i++) {
            slots.add(new Slot(newClient(), new Random(random.nextLong())));
        }
    }

    private SimulatedClient newClient() {
        int id = clients++;
        SimulatedProcess process = new SimulatedProcess("c" + id, cluster.queue(), random);
        int timeoutMs = SHORTEST_TIMEOUT_MS + random.nextInt(2_600);
        return new SimulatedClient(id, process, cluster, new Random(random.nextLong()), timeoutMs);
    }

    // ---- Beginning and end

    void setUp() {
        List<Supplier<Request>> creations = new ArrayList<>();
        for (String each : Stream.concat(DIRECTORIES.stream(), ClientRecipes.DIRECTORIES.stream())
                .toList()) {
            creations.add(() -> create(each, "-1 " + unique(), 0));
        }
        for (int i = 0; i < HOT_NODES; i++) {
            int number = i;
            creations.add(() -> create("/data/h" + number, unique(), 0));
            creations.add(() -> create("/cas/r" + number, unique(), 0));
        }
        creations.add(() -> {
            List<Request> accounts = new ArrayList<>();
            for (String each : TransactionsAreAtomic.ACCOUNTS) {
                int share = TransactionsAreAtomic.MONEY / TransactionsAreAtomic.ACCOUNTS.size();
                accounts.add(create(each, share + " " + unique(), 0));
            }
            return new MultiRequest(accounts);
        });
        setUpLeft = creations.size();
        slots.forEach(each -> each.client.start());
        SimulatedClient first = slots.get(0).client;
        setUp(first, creations.iterator());
        first.endTurn();
    }

    /** One after the other, each until it is there. */
    private void setUp(SimulatedClient client, Iterator<Supplier<Request>> creations) {
        if (creations.hasNext()) {
            setUp(client, creations.next(), creations);
        }
    }

    private void setUp(SimulatedClient client, Supplier<Request> creation, Iterator<Supplier<Request>> rest) {
        client.call(creation.get(), Repeat.WRITE, TIMEOUT_MS, null, outcome -> {
            if (outcome.isOk() || outcome.operation().error == ErrorCode.NODE_EXISTS.code()) {
                setUpLeft--;
                setUp(client, rest);
            } else {
                setUp(client, creation, rest);
            }
        });
    }

    boolean isSetUp() {
        return setUpLeft == 0;
    }

    void start() {
        for (Slot each : slots) {
            think(each);
            contend(each);
            useRecipes(each);
        }
    }

    /** One write for each client, which must succeed: and what was begun must end. */
    void finish() {
        finishing = true;
        for (Slot slot : slots) {
            slot.recipes.end();
            lastWrite(slot);
        }
    }

    private void lastWrite(Slot slot) {
        slot.client.call(create("/data/z" + writes, unique(), 0), Repeat.WRITE, TIMEOUT_MS, null, outcome -> {
            if (outcome.isOk()) {
                slot.finished = true;
            } else {
                cluster.queue().in(50 * MS, () -> lastWrite(slot));
            }
        });
        slot.client.endTurn();
    }

    boolean isFinished() {
        for (Slot each : slots) {
            if (!each.finished || !each.client.isIdle() || !SimulatedCluster.isConnected(each.client)) {
                return false;
            }
            if (!each.recipes.areEnded()) {
                return false;
            }
        }
        if (slots.stream().noneMatch(slot -> slot.recipes.isLeader())) {
            return false;
        }
        for (SimulatedServer each : cluster.servers()) {
            if (each.position() != cluster.invariants().history().lastPosition()) {
                return false;
            }
        }
        return true;
    }

    String unfinished() {
        StringBuilder text = new StringBuilder();
        for (Slot each : slots) {
            text.append(each.client.process().name())
                    .append(each.finished ? " finished " : " unfinished ")
                    .append(each.client.isIdle() ? "idle " : "busy ")
                    .append(each.client.state())
                    .append(each.recipes.wishes())
                    .append("; ");
        }
        return text.toString();
    }

    // ---- For the nemesis

    SimulatedClient anyClient(Random chooser) {
        return slots.get(chooser.nextInt(slots.size())).client;
    }

    void resumeAll() {
        for (Slot each : slots) {
            if (each.client.process().isPaused()) {
                each.client.process().resume();
            }
        }
    }

    void crashOne() {
        Slot slot = slots.get(random.nextInt(slots.size()));
        if (slot.client.process().isRunning()) {
            cluster.stats().fault("client killed");
            cluster.trace().add("FAULT client killed " + slot.client.process().name());
            List<SimulatedConnection> open = cluster.network().connectionsOf(slot.client.process());
            slot.client.crash();
            for (SimulatedConnection each : open) {
                each.onProcessGone(slot.client.process());
            }
            replace(slot);
        }
    }

    private void replace(Slot slot) {
        slot.client = newClient();
        slot.watchesAll = false;
        slot.own.clear();
        slot.client.start();
        think(slot);
        contend(slot);
        useRecipes(slot);
    }

    private void useRecipes(Slot slot) {
        slot.recipes = new ClientRecipes(
                slot.client,
                cluster,
                slot.random,
                slots.indexOf(slot),
                () -> slots.stream().allMatch(each -> each.recipes.isThroughDoubleBarrier()));
        slot.recipes.start(finishing);
    }

    // ---- What a client does

    private void think(Slot slot) {
        SimulatedClient client = slot.client;
        client.process().inOwnTime((long) ((0.1 + slot.random.nextDouble()) * 80 * MS), () -> {
            if (slot.client != client || finishing) {
                return;
            }
            int burst = slot.random.nextInt(6) == 0 ? 2 + slot.random.nextInt(8) : 1;
            for (int i = 0; i < burst; i++) {
                act(slot);
            }
            client.endTurn();
            if (slot.random.nextInt(400) == 0) {
                client.close();
                cluster.queue().in(100 * MS, () -> {
                    // Unless it was killed meanwhile, and has been replaced already.
                    if (slot.client == client) {
                        replace(slot);
                    }
                });
            } else {
                think(slot);
            }
        });
    }

    private void contend(Slot slot) {
        SimulatedClient client = slot.client;
        client.process().inOwnTime((long) ((0.1 + slot.random.nextDouble()) * 400 * MS), () -> {
            if (slot.client == client && !finishing) {
                String directory = slot.random.nextInt(3) == 0 ? "/lock2" : "/lock";
                LockUser user = new LockUser(
                        client, cluster, directory, QueueKind.MUTEX, slot.random, contenders++, () -> contend(slot));
                user.start();
                client.endTurn();
            }
        });
    }

    private void act(Slot slot) {
        Random choice = slot.random;
        switch (choice.nextInt(17)) {
            case 0, 1 -> compareAndSet(slot, "/cas/r" + choice.nextInt(HOT_NODES));
            case 2 -> write(slot, new SetDataRequest(hot(choice), large(choice), -1));
            case 3 -> createOwn(slot);
            case 4 -> deleteOwn(slot);
            case 5 -> write(slot, create("/seq/s-", unique(), SEQUENTIAL));
            case 6 -> write(slot, create("/eph/e" + writes, unique(), EPHEMERAL));
            case 7 -> transfer(slot);
            case 8 -> failingTransaction(slot);
            case 9, 10 -> read(slot, new GetDataRequest(hot(choice), true), WatchKind.DATA, hot(choice));
            case 11 -> watchMissing(slot);
            case 12 -> {
                String directory = choice.nextBoolean() ? "/data" : "/seq";
                read(slot, new GetChildrenRequest(OpCode.GET_CHILDREN2, directory, true), WatchKind.CHILD, directory);
            }
            case 13 -> plainRead(slot, new GetChildrenRequest(OpCode.GET_CHILDREN2, "/eph", false));
            case 14 -> watchAll(slot);
            case 15 -> disturbRecipes(slot);
            default -> plainRead(slot, new GetDataRequest(hot(choice), false));
        }
    }

    private static String hot(Random choice) {
        return "/data/h" + choice.nextInt(HOT_NODES);
    }

    private String unique() {
        return "w" + writes++;
    }

    private byte[] large(Random choice) {
        StringBuilder text = new StringBuilder(unique());
        int length = choice.nextInt(8) == 0 ? 2_000 : choice.nextInt(40);
        while (text.length() < length) {
            text.append(" and so on");
        }
        return bytes(text.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Request create(String path, String data, int flags) {
        return new CreateRequest(OpCode.CREATE2, path, bytes(data), Acl.OPEN, flags);
    }

    private static void write(Slot slot, Request request) {
        write(slot, request, outcome -> {});
    }

    private static void write(Slot slot, Request request, Consumer<SimulatedClient.CallOutcome> done) {
        slot.client.call(request, Repeat.WRITE, TIMEOUT_MS, null, done);
    }

    private static void plainRead(Slot slot, Request request) {
        slot.client.call(request, Repeat.READ, TIMEOUT_MS, null, outcome -> {});
    }

    private static void read(Slot slot, Request request, WatchKind kind, String path) {
        String watched = request instanceof GetDataRequest get ? get.path() : path;
        WatchArming arming = slot.client.watch(kind, watched, event -> {});
        slot.client.call(request, Repeat.READ, TIMEOUT_MS, arming, outcome -> {});
    }

    private void watchMissing(Slot slot) {
        String path = "/data/x" + (writes + slot.random.nextInt(6));
        slot.client.call(
                new ExistsRequest(path, true),
                Repeat.READ,
                TIMEOUT_MS,
                slot.client.watch(WatchKind.DATA, path, event -> {}),
                outcome -> {});
    }

    private static void watchAll(Slot slot) {
        if (!slot.watchesAll) {
            slot.watchesAll = true;
            slot.client.call(
                    new AddWatchRequest("/data", 1),
                    Repeat.READ,
                    TIMEOUT_MS,
                    slot.client.watch(WatchKind.PERSISTENT_RECURSIVE, "/data", event -> {}),
                    outcome -> slot.watchesAll = outcome.isOk());
        }
    }

    private void compareAndSet(Slot slot, String path) {
        SimulatedClient client = slot.client;
        client.call(new GetDataRequest(path, false), Repeat.READ, TIMEOUT_MS, null, outcome -> {
            if (outcome.isOk() && slot.client == client) {
                int version = ((GetDataResponse) outcome.response()).stat().version();
                write(slot, new SetDataRequest(path, bytes(unique()), version));
            }
        });
    }

    /** What others do to the znodes of recipes. */
    private void disturbRecipes(Slot slot) {
        switch (cluster.seededRecipe()) {
            case CACHE -> {
                for (int i = 0; i < 3; i++) {
                    changeCached(slot);
                }
            }
            case KEPT_ZNODE -> disturbKept(slot);
            case BARRIER, WORK_QUEUE -> {}
        }
    }

    /** In a small tree, so that much is deleted and made again, in one transaction too. */
    private void changeCached(Slot slot) {
        Random choice = slot.random;
        String parent = CacheUser.ROOT + "/a" + choice.nextInt(3);
        String path = choice.nextBoolean() ? parent : parent + "/b" + choice.nextInt(3);
        switch (choice.nextInt(6)) {
            case 0, 1, 2 -> write(slot, new SetDataRequest(path, large(choice), -1));
            case 3 -> write(slot, create(path, unique(), 0));
            case 4 -> deleteShared(slot, path);
            default -> write(slot, new MultiRequest(List.of(new DeleteRequest(path, -1), create(path, unique(), 0))));
        }
    }

    /** Others send the same bytes, so nobody can tell from the log whose it was. */
    private static void deleteShared(Slot slot, String path) {
        slot.client.call(new DeleteRequest(path, -1), Repeat.IDEMPOTENT, TIMEOUT_MS, null, outcome -> {});
    }

    private void disturbKept(Slot slot) {
        String path = KeptNodeUser.anyPath(slot.random, slots.size());
        if (slot.random.nextBoolean()) {
            deleteShared(slot, path);
        } else {
            write(slot, new SetDataRequest(path, bytes(unique() + " of nobody"), -1));
        }
    }

    private void createOwn(Slot slot) {
        String path = "/data/x" + writes;
        write(slot, create(path, unique(), 0), outcome -> {
            if (outcome.isOk()) {
                slot.own.addLast(((Create2Response) outcome.response()).path());
            }
        });
    }

    private static void deleteOwn(Slot slot) {
        String path = slot.own.pollFirst();
        if (path != null) {
            write(slot, new DeleteRequest(path, -1));
        }
    }

    private void transfer(Slot slot) {
        List<String> accounts = TransactionsAreAtomic.ACCOUNTS;
        String from = accounts.get(slot.random.nextInt(accounts.size()));
        String to = accounts.get(slot.random.nextInt(accounts.size()));
        if (from.equals(to)) {
            return;
        }
        SimulatedClient client = slot.client;
        client.call(new GetDataRequest(from, false), Repeat.READ, TIMEOUT_MS, null, first -> {
            if (!first.isOk() || slot.client != client) {
                return;
            }
            client.call(new GetDataRequest(to, false), Repeat.READ, TIMEOUT_MS, null, second -> {
                if (second.isOk() && slot.client == client) {
                    move(slot, from, (GetDataResponse) first.response(), to, (GetDataResponse) second.response());
                }
            });
        });
    }

    private void move(Slot slot, String from, GetDataResponse source, String to, GetDataResponse target) {
        int sum = slot.random.nextInt(10);
        write(
                slot,
                new MultiRequest(List.of(
                        new SetDataRequest(
                                from,
                                bytes(amount(source) - sum + " " + unique()),
                                source.stat().version()),
                        new SetDataRequest(
                                to,
                                bytes(amount(target) + sum + " " + unique()),
                                target.stat().version()))));
    }

    private static int amount(GetDataResponse account) {
        byte[] data = account.data();
        if (data == null) {
            throw new IllegalStateException("an account without data");
        }
        return TransactionsAreAtomic.amount(data);
    }

    /** Creates and changes, and then fails: nothing of it may be seen, not even in the numbers that come after. */
    private void failingTransaction(Slot slot) {
        write(
                slot,
                new MultiRequest(List.of(
                        create("/seq/s-", unique(), SEQUENTIAL),
                        new SetDataRequest(TransactionsAreAtomic.ACCOUNTS.get(0), bytes("0 " + unique()), -1),
                        new CheckVersionRequest("/data/h0", 1_000_000))));
    }
}
