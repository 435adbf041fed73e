package io.coord.verification.bench;

import io.coord.verification.bench.LoadGenerator.Result;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Our server beside real ZooKeeper's: operations a second, CPU time per operation, latency. */
final class ServerBenchmark {
    private static final int TICK_MS = 2000;
    private static final List<String> JVM_OPTIONS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");

    private final BenchmarkOptions options;

    ServerBenchmark(BenchmarkOptions options) {
        this.options = options;
    }

    /** Markdown lines. */
    List<String> run() throws IOException {
        Path directory = Files.createTempDirectory(options.directory(), "server-benchmark");
        try (ServerProcess zooKeeper = start(Implementation.ZOOKEEPER, directory.resolve("zookeeper"));
                ServerProcess coord = start(Implementation.COORD, directory.resolve("coord"))) {
            List<String> lines = new ArrayList<>(List.of(
                    "### Server, 100 bytes, fsync " + (options.fsync() ? "on" : "off") + ", " + options.rounds()
                            + " interleaved rounds",
                    "",
                    "c = connections, w = outstanding requests of each; ratio = Coord : ZooKeeper, least / median / most",
                    "",
                    "| | ZooKeeper ops/s | Coord ops/s | ratio | ZooKeeper CPU us/op | Coord CPU us/op | ratio |"
                            + " ZooKeeper p50, p99 us | Coord p50, p99 us |",
                    "|---|---|---|---|---|---|---|---|---|"));
            for (Workload workload : Workload.values()) {
                for (Shape shape : options.shapes()) {
                    lines.add(compare(workload, shape, zooKeeper, coord));
                }
            }
            return lines;
        } finally {
            Directories.delete(directory);
        }
    }

    private String compare(Workload workload, Shape shape, ServerProcess zooKeeper, ServerProcess coord)
            throws IOException {
        Ratios ops = new Ratios();
        Ratios cpu = new Ratios();
        Ratios p50 = new Ratios();
        Ratios p99 = new Ratios();
        for (int round = 0; round < options.rounds(); round++) {
            boolean zooKeeperFirst = round % 2 == 0;
            Result first = load(zooKeeperFirst ? zooKeeper : coord, workload, shape);
            Result second = load(zooKeeperFirst ? coord : zooKeeper, workload, shape);
            Result peer = zooKeeperFirst ? first : second;
            Result ours = zooKeeperFirst ? second : first;
            ops.add(peer.opsPerSecond(), ours.opsPerSecond());
            cpu.add(peer.cpuMicrosPerOp(), ours.cpuMicrosPerOp());
            p50.add(peer.p50Micros(), ours.p50Micros());
            p99.add(peer.p99Micros(), ours.p99Micros());
        }
        return String.join(
                " | ",
                "| " + workload.title() + " c" + shape.connections() + " w" + shape.window(),
                ops.peerMedian(),
                ops.ourMedian(),
                ops.ratio(),
                cpu.peerMedian(),
                cpu.ourMedian(),
                cpu.ratio(),
                p50.peerMedian() + ", " + p99.peerMedian(),
                p50.ourMedian() + ", " + p99.ourMedian() + " |");
    }

    private Result load(ServerProcess server, Workload workload, Shape shape) throws IOException {
        return LoadGenerator.run(
                server, workload, shape.connections(), shape.window(), options.warmUp(), options.measured());
    }

    private ServerProcess start(Implementation implementation, Path directory) {
        return ServerProcess.start(
                implementation, directory, TICK_MS, options.fsync(), options.serverPrefix(), JVM_OPTIONS);
    }

    /** How many connections with how many outstanding requests each. */
    record Shape(int connections, int window) {}
}
