package io.coord.verification.bench;

import io.coord.verification.bench.ServerPair.Round;
import io.coord.verification.server.Directories;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** How long until a server's first acknowledged write: a new process, a running one, a tree of some size. */
final class StartBenchmark {
    static final String COLD = "cold start, own process";
    static final String IN_PROCESS = "start inside a running JVM";
    static final String RESTART = "restart with znodes";

    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g", "-XX:+UseG1GC");
    private static final double COLD_BAR = 0.5;
    private static final double RESTART_BAR = 0.25;
    private static final double IN_PROCESS_BAR_MS = 50;
    private static final int STARTS = 10;
    private static final int WINDOW = 1000;
    private static final int SESSION_MS = 30_000;
    private static final String ROOT = "/restart";
    private static final long LONGEST_SECONDS = 60;

    private final BenchmarkOptions options;
    private final FigureTable table;

    StartBenchmark(BenchmarkOptions options, FigureTable table) {
        this.options = options;
        this.table = table;
    }

    /** How a server's process is started. */
    private record Launch(Implementation implementation, String classPath, List<String> jvmOptions) {
        ServerProcess start(Path directory, String... moreOptions) {
            List<String> all = new ArrayList<>(jvmOptions);
            all.addAll(List.of(moreOptions));
            return ServerProcess.start(
                    implementation, directory, ServerPair.TICK_MS, true, Machine.serverPrefix(), all, classPath);
        }
    }

    private static Launch plain(Implementation implementation, Path jars) throws IOException {
        return new Launch(implementation, ServerJars.classPath(implementation, jars), JVM_OPTIONS);
    }

    /** With an archive of the classes that a start and a first create load, written by one. */
    private Launch archived(Launch plain, Path jars) throws IOException {
        Path archive = jars.resolve(plain.implementation() + ".jsa");
        Path directory = Files.createTempDirectory(options.directory(), "start");
        try {
            try (ServerProcess server = plain.start(directory, "-XX:ArchiveClassesAtExit=" + archive)) {
                firstCreate(server.port());
            }
            if (!Files.exists(archive)) {
                throw new IOException("no archive of the classes of " + plain.implementation());
            }
        } finally {
            Directories.delete(directory);
        }
        List<String> all = new ArrayList<>(plain.jvmOptions());
        all.add("-XX:SharedArchiveFile=" + archive);
        return new Launch(plain.implementation(), plain.classPath(), all);
    }

    void cold() throws Exception {
        Ratios millis = new Ratios();
        Ratios resident = new Ratios();
        Ratios bothArchived = new Ratios();
        Ratios oursArchived = new Ratios();
        Path jars = Files.createTempDirectory(options.directory(), "jars");
        try {
            Launch zooKeeper = plain(Implementation.ZOOKEEPER, jars);
            Launch coord = plain(Implementation.COORD, jars);
            Launch archivedZooKeeper = archived(zooKeeper, jars);
            Launch archivedCoord = archived(coord, jars);
            for (int i = 0; i < options.rounds(); i++) {
                Round<Start> plain = ServerPair.round(i, () -> cold(zooKeeper), () -> cold(coord));
                Round<Start> archived = ServerPair.round(i, () -> cold(archivedZooKeeper), () -> cold(archivedCoord));
                millis.add(plain.peer().millis(), plain.ours().millis());
                resident.add(plain.peer().residentMegabytes(), plain.ours().residentMegabytes());
                bothArchived.add(archived.peer().millis(), archived.ours().millis());
                oursArchived.add(plain.peer().millis(), archived.ours().millis());
            }
        } finally {
            Directories.delete(jars);
        }
        table.row(COLD + ", to the first create", "ms", millis, Bar.atMost("time", COLD_BAR));
        table.row("", "RSS MB", resident);
        table.row("the same, Coord with a class-data archive", "ms", oursArchived, Bar.atMost("time", COLD_BAR));
        table.row("the same, both with one", "ms", bothArchived, Bar.atMost("time", COLD_BAR));
    }

    private Start cold(Launch launch) throws IOException {
        Path directory = Files.createTempDirectory(options.directory(), "start");
        try {
            return start(launch, directory);
        } finally {
            Directories.delete(directory);
        }
    }

    private static Start start(Launch launch, Path directory) throws IOException {
        long start = System.nanoTime();
        ServerProcess server = launch.start(directory);
        try {
            firstCreate(server.port());
            return new Start((System.nanoTime() - start) / 1e6, server.residentBytes() >> 20);
        } finally {
            server.kill();
        }
    }

    static void firstCreate(int port) {
        try (RawSession session = RawSession.open(port, SESSION_MS)) {
            session.ok(Operation.create("/first-" + System.nanoTime(), Workload.VALUE, Operation.PERSISTENT));
        }
    }

    private record Start(double millis, double residentMegabytes) {}

    void inProcess() throws Exception {
        Ratios first = new Ratios();
        Ratios later = new Ratios();
        for (int i = 0; i < options.rounds(); i++) {
            Round<List<Double>> round = ServerPair.round(
                    i, () -> inProcess(Implementation.ZOOKEEPER), () -> inProcess(Implementation.COORD));
            first.add(round.peer().get(0), round.ours().get(0));
            later.add(
                    Ratios.median(round.peer().subList(1, STARTS)),
                    Ratios.median(round.ours().subList(1, STARTS)));
        }
        table.row(IN_PROCESS + ", to the first create", "ms, first in the JVM", first);
        table.absoluteRow("", "ms, later ones", later, Bar.atMost("ms", IN_PROCESS_BAR_MS));
    }

    private List<Double> inProcess(Implementation implementation) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(options.directory(), "start");
        List<String> command = new ArrayList<>(Machine.serverPrefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), InProcessStarts.class.getName()));
        command.addAll(List.of(implementation.name(), directory.toString(), String.valueOf(STARTS)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.onExit().orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).whenComplete((ended, late) -> {
            if (late != null) {
                process.destroyForcibly();
            }
        });
        List<Double> millis = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(InProcessStarts.MILLIS)) {
                    millis.add(Double.valueOf(line.substring(InProcessStarts.MILLIS.length())));
                }
            }
            if (process.waitFor() != 0 || millis.size() != STARTS) {
                throw new IOException(implementation + " started " + millis.size() + " times, not " + STARTS);
            }
            return millis;
        } finally {
            process.destroyForcibly();
            Directories.delete(directory);
        }
    }

    /** Each node was created by a request of its own, so that both have logs and snapshots as they would have in use. */
    void restart(int znodes) throws Exception {
        Path zooKeeper = Files.createTempDirectory(options.directory(), "restart");
        Path coord = Files.createTempDirectory(options.directory(), "restart");
        Path jars = Files.createTempDirectory(options.directory(), "jars");
        try {
            Launch peer = plain(Implementation.ZOOKEEPER, jars);
            Launch ours = plain(Implementation.COORD, jars);
            fill(peer, zooKeeper, znodes);
            fill(ours, coord, znodes);
            Ratios busy = new Ratios();
            Ratios rested = new Ratios();
            Ratios resident = new Ratios();
            List<Double> peerMillis = new ArrayList<>();
            for (int i = 0; i < options.rounds(); i++) {
                Round<Start> round = ServerPair.round(i, () -> start(peer, zooKeeper), () -> start(ours, coord));
                busy.add(round.peer().millis(), round.ours().millis());
                resident.add(round.peer().residentMegabytes(), round.ours().residentMegabytes());
                peerMillis.add(round.peer().millis());
            }
            rest(ours, coord);
            for (double millis : peerMillis) {
                rested.add(millis, start(ours, coord).millis());
            }
            table.row(
                    RESTART + ", " + Ratios.number(znodes) + " of 100 bytes, after kill -9 in full work",
                    "ms to the first create",
                    busy,
                    Bar.atMost("time", RESTART_BAR));
            table.row("", "RSS MB", resident);
            table.row(
                    "the same, after kill -9 when nothing had come for a while (Coord then has a snapshot of all)",
                    "ms to the first create",
                    rested,
                    Bar.atMost("time", RESTART_BAR));
        } finally {
            Directories.delete(zooKeeper);
            Directories.delete(coord);
            Directories.delete(jars);
        }
    }

    private static void fill(Launch launch, Path directory, int znodes) throws IOException {
        ServerProcess server = launch.start(directory);
        try {
            try (RawSession session = RawSession.open(server.port(), SESSION_MS)) {
                session.ok(Operation.create(ROOT, Workload.VALUE, Operation.PERSISTENT));
                session.endSession();
            }
            BulkChildren.createSingly(server.port(), ROOT, znodes, WINDOW);
        } finally {
            server.kill();
        }
    }

    /** Lets our server rest until it has saved what there is; the default span is longer than a benchmark likes to wait. */
    private static void rest(Launch launch, Path directory) throws IOException {
        String before = newestSnapshot(directory);
        ServerProcess server = launch.start(directory, "-Dcoord.test.snapshotAfterQuietMs=500");
        try {
            long start = System.nanoTime();
            while (newestSnapshot(directory).equals(before)) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
                    throw new IOException("no snapshot though nothing came for a while");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } finally {
            server.kill();
        }
    }

    private static String newestSnapshot(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snap"))
                    .max(Comparator.naturalOrder())
                    .orElse("");
        }
    }
}
