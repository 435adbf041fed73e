package io.coord.server.internal.state;

import com.sun.management.ThreadMXBean;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * What a command costs in the state alone, without log and network: nanoseconds of the thread's CPU and allocated bytes
 * for each, and the longest single one, which is what other clients wait for; the heap that the znodes take. Arguments: number of znodes,
 * rounds. Run it with {@code -Xmx3g}.
 */
final class StateBenchmark {
    private static final int CHILDREN = 1_000;
    private static final int OPERATIONS = 1_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CoordStateMachine state = new CoordStateMachine(new Random(1).nextLong());
    private final int nodes;
    private final long session;
    private final int[] shuffled;
    private long time = 1_800_000_000_000L;

    private StateBenchmark(int nodes) {
        this.nodes = nodes;
        state.apply(new Command.CreateSession(time, 10_000, Commands.password()));
        this.session = state.sessions().all().get(0).id();
        this.shuffled = new Random(2).ints(OPERATIONS, 0, nodes).toArray();
    }

    public static void main(String[] arguments) {
        int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        for (int round = 1; round <= rounds; round++) {
            say("round %d, %,d znodes of 100 B", round, nodes);
            new StateBenchmark(nodes).run();
        }
    }

    private void run() {
        long before = usedHeap();
        apply(create("/s"));
        measure("create parents", nodes / CHILDREN, i -> apply(create(parent(i))));
        measure("create", nodes, i -> apply(create(path(i))));
        say("%-28s %8.1f B", "heap of a znode", (usedHeap() - before) / (double) nodes);
        measure("getData", OPERATIONS, i -> state.getData(path(shuffled[i]), Commands.NOBODY));
        measure("getData of one", OPERATIONS, i -> state.getData("/s/p000/n0000000", Commands.NOBODY));
        measure("exists, missing", OPERATIONS, i -> state.exists("/s/p000/x" + i, Commands.NOBODY));
        measure("setData", OPERATIONS, i -> apply(new SetDataRequest(path(shuffled[i]), new byte[100], -1)));
        say("%-28s %8.1f B", "heap of a znode, many set", (usedHeap() - before) / (double) nodes);
        measure("create and delete", OPERATIONS / 10, i -> {
            apply(create("/s/p000/x" + i));
            apply(new DeleteRequest("/s/p000/x" + i, -1));
        });
        snapshot();
    }

    /** With as many writes between two slices as a busy server has. */
    private void snapshot() {
        Random random = new Random(3);
        SnapshotCut[] cut = new SnapshotCut[1];
        measure("begin a snapshot", 1, i -> cut[0] = state.beginSnapshot());
        ByteBuf slice = Unpooled.directBuffer(1 << 20);
        long longest = 0;
        long sum = 0;
        long bytes = 0;
        boolean more = true;
        while (more) {
            for (int i = 0; i < 50; i++) {
                apply(new SetDataRequest(path(random.nextInt(nodes)), new byte[100], -1));
            }
            long start = System.nanoTime();
            more = cut[0].writeNext(slice.clear());
            long nanos = System.nanoTime() - start;
            longest = Math.max(longest, nanos);
            sum += nanos;
            bytes += slice.readableBytes();
        }
        slice.release();
        say(
                "%-28s %8.1f ns a znode, %.1f B, longest slice %.2f ms",
                "snapshot", sum / (double) nodes, bytes / (double) nodes, longest / 1e6);
    }

    private static void measure(String what, int count, IntConsumer action) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long longest = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        long last = System.nanoTime();
        for (int i = 0; i < count; i++) {
            action.accept(i);
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            last = now;
        }
        say(
                "%-28s %8.1f ns, %8.1f B, longest %.2f ms",
                what,
                (THREADS.getCurrentThreadCpuTime() - start) / (double) count,
                (THREADS.getCurrentThreadAllocatedBytes() - allocated) / (double) count,
                longest / 1e6);
    }

    private void apply(Request request) {
        Effects effects = state.apply(Commands.write(time++, session, request));
        if (!effects.answer().isOk()) {
            throw new IllegalStateException(request + ": " + effects);
        }
    }

    private static Request create(String path) {
        return new CreateRequest(OpCode.CREATE, path, new byte[100], Acl.OPEN, 0);
    }

    private static String parent(int parent) {
        return "/s/" + numbered('p', parent, 3);
    }

    private static String path(int node) {
        return parent(node / CHILDREN) + '/' + numbered('n', node, 7);
    }

    private static String numbered(char prefix, int number, int digits) {
        char[] text = new char[digits + 1];
        text[0] = prefix;
        int rest = number;
        for (int i = digits; i > 0; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return new String(text);
    }

    private static long usedHeap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @SuppressWarnings("SystemOut")
    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
