package io.coord.server.internal.replication;

import io.coord.protocol.data.Id;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.log.Durability;
import io.coord.server.internal.log.LogConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The log alone, against the disk's own floor. Arguments: the directory to work in, seconds per figure, rounds, and "recover"
 * to measure recovery only.
 */
public final class SingleNodeReplicatorBenchmark {
    private static final int DATA_BYTES = 100;
    private static final int RECORD_BYTES = 200;
    private static final int RECOVERED_ENTRIES = 1_000_000;
    private static final LogConfig NO_SNAPSHOTS = LogConfig.DEFAULT.withSnapshotEvery(Long.MAX_VALUE, Long.MAX_VALUE);

    private final Path parent;
    private final double seconds;

    private SingleNodeReplicatorBenchmark(Path parent, double seconds) {
        this.parent = parent;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws IOException {
        SingleNodeReplicatorBenchmark benchmark =
                new SingleNodeReplicatorBenchmark(Path.of(args[0]), Double.parseDouble(args[1]));
        int rounds = Integer.parseInt(args[2]);
        if (args.length > 3) {
            for (int round = 1; round <= rounds; round++) {
                benchmark.recover();
            }
            return;
        }
        benchmark.encode();
        for (int round = 1; round <= rounds; round++) {
            benchmark.floor("disk, growing file, K=1", false);
            benchmark.floor("disk, blocks already written, K=1", true);
            for (int outstanding : new int[] {1, 16, 256, 4_096}) {
                benchmark.replicator("one node, K=" + outstanding, NO_SNAPSHOTS, outstanding);
            }
            benchmark.replicator("one node, no zero-fill, K=1", NO_SNAPSHOTS.withZeroFill(false), 1);
            benchmark.replicator("one node, no zero-fill, K=256", NO_SNAPSHOTS.withZeroFill(false), 256);
            LogConfig unsynced = NO_SNAPSHOTS.withDurability(Durability.NO_FSYNC);
            benchmark.replicator("one node, no fsync, K=1", unsynced, 1);
            benchmark.replicator("one node, no fsync, K=256", unsynced, 256);
        }
    }

    private void encode() {
        CommandCodec codec = new CommandCodec();
        ByteBuf out = Unpooled.directBuffer(1 << 20);
        Command command = command(1);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 200_000; i++) {
                if (out.writerIndex() > 1 << 19) {
                    out.clear();
                }
                codec.encode(command, out);
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        out.release();
        print("encode one command: %d ns", best / 200_000);
    }

    private static Command command(long number) {
        return new Command.Write(
                number,
                number,
                1,
                List.of(new Id("ip", "127.0.0.1")),
                new SetDataRequest("/bench/node-0001", new byte[DATA_BYTES], -1));
    }

    private void floor(String name, boolean written) throws IOException {
        Path file = Files.createTempFile(parent, "floor", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int size = 4 << 20;
            if (written) {
                channel.write(ByteBuffer.allocateDirect(size), 0);
                channel.force(true);
            }
            ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
            Measure measure = new Measure();
            long position = 0;
            while (measure.lasts(seconds)) {
                long start = System.nanoTime();
                record.clear();
                channel.write(record, position);
                channel.force(false);
                measure.add(System.nanoTime() - start);
                position = written ? (position + RECORD_BYTES) % (size - RECORD_BYTES) : position + RECORD_BYTES;
            }
            measure.print(name);
        } finally {
            Files.delete(file);
        }
    }

    private void replicator(String name, LogConfig config, int outstanding) throws IOException {
        Path directory = Files.createTempDirectory(parent, "log");
        Loop loop = new Loop();
        Counting state = new Counting();
        Replicator replicator = new SingleNodeReplicator(loop, directory, config);
        replicator.start(state);
        loop.runUntil(() -> state.ready);
        Measure measure = new Measure();
        long[] submitted = new long[outstanding];
        long ticket = 0;
        while (measure.lasts(seconds)) {
            while (ticket - state.committed < outstanding) {
                submitted[(int) (ticket % outstanding)] = System.nanoTime();
                replicator.submit(command(ticket), ++ticket);
            }
            long before = state.committed;
            loop.runUntil(() -> state.committed > before);
            long now = System.nanoTime();
            for (long i = before; i < state.committed; i++) {
                measure.add(now - submitted[(int) (i % outstanding)]);
            }
        }
        measure.print(name);
        close(loop, replicator);
        delete(directory);
    }

    private void recover() throws IOException {
        Path directory = Files.createTempDirectory(parent, "log");
        LogConfig config = NO_SNAPSHOTS.withDurability(Durability.NO_FSYNC);
        Loop loop = new Loop();
        Counting writing = new Counting();
        Replicator replicator = new SingleNodeReplicator(loop, directory, config);
        replicator.start(writing);
        loop.runUntil(() -> writing.ready);
        for (long ticket = 1; ticket <= RECOVERED_ENTRIES; ticket++) {
            replicator.submit(command(ticket), ticket);
            if (ticket % 1_000 == 0) {
                long sent = ticket;
                loop.runUntil(() -> writing.committed == sent);
            }
        }
        close(loop, replicator);
        for (int i = 0; i < 3; i++) {
            Counting reading = new Counting();
            long start = System.nanoTime();
            Replicator again = new SingleNodeReplicator(loop, directory, NO_SNAPSHOTS);
            again.start(reading);
            loop.runUntil(() -> reading.ready);
            print("recover %d entries: %d ms", reading.committed, (System.nanoTime() - start) / 1_000_000);
            close(loop, again);
        }
        delete(directory);
    }

    private static void close(Loop loop, Replicator replicator) {
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        loop.runUntil(() -> closed[0]);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** An owner thread like an event loop: runs what has arrived, then parks. */
    private static final class Loop implements io.coord.server.internal.runtime.StateMailbox {
        private final ConcurrentLinkedQueue<Runnable> messages = new ConcurrentLinkedQueue<>();
        private final Thread owner = Thread.currentThread();
        private volatile boolean parked;

        @Override
        public void offer(Runnable message) {
            messages.add(message);
            if (parked) {
                parked = false;
                LockSupport.unpark(owner);
            }
        }

        void runUntil(BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                Runnable message = messages.poll();
                if (message != null) {
                    message.run();
                } else {
                    parked = true;
                    if (messages.isEmpty()) {
                        LockSupport.park(this);
                    }
                    parked = false;
                }
            }
        }
    }

    /** Latencies, and CPU time of the process, from the end of the warm-up on. */
    private static final class Measure {
        private static final com.sun.management.OperatingSystemMXBean SYSTEM =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        private long[] nanos = new long[1 << 16];
        private int count;
        private long start = System.nanoTime();
        private long cpuStart;
        private boolean warm;

        boolean lasts(double seconds) {
            double passed = (System.nanoTime() - start) / 1e9;
            if (!warm && passed > seconds / 2) {
                warm = true;
                count = 0;
                start = System.nanoTime();
                cpuStart = SYSTEM.getProcessCpuTime();
                return true;
            }
            return !warm || passed < seconds;
        }

        void add(long latency) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = latency;
        }

        void print(String name) {
            double elapsed = (System.nanoTime() - start) / 1e9;
            double cpu = (SYSTEM.getProcessCpuTime() - cpuStart) / 1e3;
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            SingleNodeReplicatorBenchmark.print(
                    "%-36s %9.0f/s  p50 %6.0f us  p99 %6.0f us  CPU %6.2f us/op",
                    name, count / elapsed, sorted[count / 2] / 1e3, sorted[(int) (count * 0.99)] / 1e3, cpu / count);
        }
    }

    private static final class Counting implements ReplicatedState {
        private long committed;
        private boolean ready;

        @Override
        public void onRestoreStarted() {}

        @Override
        public void onRestoreChunk(ByteBuf chunk) {}

        @Override
        public void onRestoreFinished() {}

        @Override
        public void onCommitted(Command command, long ticket) {
            committed++;
        }

        @Override
        public void onBatchEnd() {}

        @Override
        public void onRefused(long ticket, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void onUnknown(long ticket, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void onRoleChanged(Role role) {}

        @Override
        public void onTouched(int follower, long[] sessionIds) {}

        @Override
        public void onReady() {
            ready = true;
        }

        @Override
        public void onLogFailed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onFailed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public SnapshotCut beginSnapshot() {
            throw new AssertionError("no snapshot is due");
        }
    }
}
