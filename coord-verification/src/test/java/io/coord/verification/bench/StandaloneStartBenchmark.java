package io.coord.verification.bench;

import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How long the stand-alone server takes to its first acknowledged create, and what that costs, beside ZooKeeper's own. */
final class StandaloneStartBenchmark {
    static final String FIRST = "stand-alone process, first start";
    static final String RESTART = "stand-alone process, restart with znodes";

    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g", "-XX:+UseG1GC");
    private static final double FIRST_BAR = 0.5;
    private static final double RESTART_BAR = 0.25;
    private static final int ZNODES = 100_000;
    private static final int WINDOW = 1000;
    private static final String ROOT = "/restart";
    private static final long LONGEST_UNPACKING_SECONDS = 60;

    private final BenchmarkOptions options;
    private final FigureTable table;

    StandaloneStartBenchmark(BenchmarkOptions options, FigureTable table) {
        this.options = options;
        this.table = table;
    }

    private record Cost(double millis, double cpuMillis) {}

    /** @param archived Coord from the second start on: with an archive of the classes that a start loads */
    private record Launches(
            StandaloneProcess.Launch zooKeeper, StandaloneProcess.Launch coord, StandaloneProcess.Launch archived) {}

    private interface Use {
        void of(Launches launches) throws Exception;
    }

    void first() throws Exception {
        withLaunches(launches -> {
            Ratios millis = new Ratios();
            Ratios cpu = new Ratios();
            Ratios archivedMillis = new Ratios();
            Ratios archivedCpu = new Ratios();
            for (int i = 0; i < options.rounds(); i++) {
                Round<Cost> round = ServerPair.round(i, () -> first(launches.zooKeeper), () -> first(launches.coord));
                Cost archived = first(launches.archived);
                millis.add(round.peer().millis(), round.ours().millis());
                cpu.add(round.peer().cpuMillis(), round.ours().cpuMillis());
                archivedMillis.add(round.peer().millis(), archived.millis());
                archivedCpu.add(round.peer().cpuMillis(), archived.cpuMillis());
            }
            table.row(FIRST + ", to the first create", "ms", millis, Bar.atMost("time", FIRST_BAR));
            table.row("", "CPU ms", cpu);
            table.row(
                    "the same, Coord with its archive of classes (from the second start on)",
                    "ms",
                    archivedMillis,
                    Bar.atMost("time", FIRST_BAR));
            table.row("", "CPU ms", archivedCpu);
        });
    }

    void restart() throws Exception {
        int znodes = BenchmarkOptions.count("bench.znodes", ZNODES);
        withLaunches(launches -> {
            Path zooKeeper = Files.createTempDirectory(options.directory(), "standalone");
            Path coord = Files.createTempDirectory(options.directory(), "standalone");
            try {
                fill(launches.zooKeeper, zooKeeper, znodes);
                fill(launches.archived, coord, znodes);
                Ratios millis = new Ratios();
                Ratios cpu = new Ratios();
                for (int i = 0; i < options.rounds(); i++) {
                    Round<Cost> round = ServerPair.round(
                            i, () -> start(launches.zooKeeper, zooKeeper), () -> start(launches.archived, coord));
                    millis.add(round.peer().millis(), round.ours().millis());
                    cpu.add(round.peer().cpuMillis(), round.ours().cpuMillis());
                }
                table.row(
                        RESTART + ", " + Ratios.number(znodes)
                                + " of 100 bytes, after kill -9, with the archive of classes",
                        "ms to the first create",
                        millis,
                        Bar.atMost("time", RESTART_BAR));
                table.row("", "CPU ms", cpu);
            } finally {
                Directories.delete(zooKeeper);
                Directories.delete(coord);
            }
        });
    }

    private Cost first(StandaloneProcess.Launch launch) throws IOException {
        Path directory = Files.createTempDirectory(options.directory(), "standalone");
        try {
            return start(launch, directory);
        } finally {
            Directories.delete(directory);
        }
    }

    private static Cost start(StandaloneProcess.Launch launch, Path directory) throws IOException {
        long start = System.nanoTime();
        try (StandaloneProcess server = launch.start(directory)) {
            server.awaitServing();
            StartBenchmark.firstCreate(server.port());
            double millis = (System.nanoTime() - start) / 1e6;
            return new Cost(millis, server.cpu().toNanos() / 1e6);
        }
    }

    private static void fill(StandaloneProcess.Launch launch, Path directory, int znodes) throws IOException {
        try (StandaloneProcess server = launch.start(directory)) {
            server.awaitServing();
            try (RawSession session = RawSession.open(server.port())) {
                session.ok(Operation.create(ROOT, Workload.VALUE, Operation.PERSISTENT));
                session.endSession();
            }
            BulkChildren.createSingly(server.port(), ROOT, znodes, WINDOW);
        }
    }

    private void withLaunches(Use use) throws Exception {
        Path directory = Files.createTempDirectory(options.directory(), "standalone-jars");
        try {
            var zooKeeper = new StandaloneProcess.Launch(
                    Implementation.ZOOKEEPER, ServerJars.classPath(Implementation.ZOOKEEPER, directory), JVM_OPTIONS);
            var coord = new StandaloneProcess.Launch(
                    Implementation.COORD, unpacked(directory).toString(), JVM_OPTIONS);
            use.of(new Launches(zooKeeper, coord, archived(coord, directory)));
        } finally {
            Directories.delete(directory);
        }
    }

    /** As {@code bin/coord-server} does at the first orderly stop. */
    private StandaloneProcess.Launch archived(StandaloneProcess.Launch coord, Path jars) throws IOException {
        Path archive = jars.toAbsolutePath().resolve("coord-server.jsa");
        Path directory = Files.createTempDirectory(options.directory(), "standalone");
        try (StandaloneProcess server =
                coord.with("-XX:ArchiveClassesAtExit=" + archive).start(directory)) {
            server.awaitServing();
            StartBenchmark.firstCreate(server.port());
            server.stop();
        } finally {
            Directories.delete(directory);
        }
        if (!Files.exists(archive)) {
            throw new IOException("no archive of the classes of Coord");
        }
        return coord.with("-XX:SharedArchiveFile=" + archive);
    }

    /** The jar that starts the server, in the distribution that this build has packed. */
    private static Path unpacked(Path directory) throws IOException, InterruptedException {
        Path packed = distribution();
        Process tar = new ProcessBuilder("tar", "-xzf", packed.toString(), "-C", directory.toString())
                .inheritIO()
                .start();
        if (!tar.waitFor(LONGEST_UNPACKING_SECONDS, TimeUnit.SECONDS) || tar.exitValue() != 0) {
            tar.destroyForcibly();
            throw new IOException(packed + " cannot be unpacked");
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(each -> each.endsWith(Path.of("lib", "coord-server.jar")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no lib/coord-server.jar in " + packed))
                    .toAbsolutePath();
        }
    }

    private static Path distribution() throws IOException {
        Path target = Path.of("..", "coord-server", "target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(each -> each.getFileName().toString().matches("coord-server-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no distribution in " + target.toAbsolutePath()
                            + ": the bench needs the build that packs it (verify, with -am)"));
        }
    }
}
