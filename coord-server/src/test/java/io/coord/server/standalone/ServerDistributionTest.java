package io.coord.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.standalone.Installation.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The unpacked archive, operated by its script. */
@Tag("distribution")
@SuppressWarnings("try") // ZooKeeper's close may be interrupted.
class ServerDistributionTest {
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private Installation installation;

    @BeforeEach
    void unpack() {
        installation = new Installation(directory);
    }

    @AfterEach
    void endWhatRuns() {
        installation.close();
    }

    private void create(String address, String path) throws Exception {
        try (ZooKeeper client = installation.connect(address)) {
            client.create(path, DATA, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
    }

    private byte[] read(String address, String path) throws Exception {
        try (ZooKeeper client = installation.connect(address)) {
            return client.getData(path, false, null);
        }
    }

    @Test
    void theShellOfTheArchiveTalksToTheServer() {
        installation.configure();
        String address = installation.start();
        String shell = directory.resolve("bin/coord-cli").toString();
        Outcome created = installation.run(List.of(shell, "-s", address, "create", "/shell", "two words"));
        assertThat(created.out()).as("%s", created).isEqualTo("Created /shell\n");
        Outcome read = installation.run(List.of(shell, "-s", address, "-o", "json", "get", "/shell"));
        assertThat(read.out()).as("%s", read).isEqualTo("{\"path\":\"/shell\",\"data\":\"two words\"}\n");
        Outcome refused = installation.run(List.of(shell, "-s", address, "get", "/missing"));
        assertThat(refused).isEqualTo(new Outcome(1, "", "Node does not exist: /missing\n"));
        Outcome services = installation.run(List.of(shell, "-s", address, "services", "/"));
        assertThat(services.out()).as("%s", services).isEqualTo("No service is registered below /\n");
        assertThat(directory.resolve("lib").toFile().list((in, name) -> name.matches("coord-cli-java-.*\\.jsa")))
                .as("archive of classes")
                .hasSize(1);
    }

    @Test
    void startsStopsAndStartsAgainWithItsData() throws Exception {
        installation.configure();
        String first = installation.start();
        create(first, "/kept");
        Outcome twice = installation.script("start");
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(twice.err()).contains("is running already");

        Outcome status = installation.script("status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out()).isEqualTo("Mode: standalone\n");
        assertThat(status.err())
                .contains("Client port found: " + first.replaceAll(".*:", "") + ". Client address: localhost.");

        Outcome stop = installation.script("stop");
        assertThat(stop.exitCode()).isZero();
        assertThat(stop.out()).isEqualTo("Stopping coord-server ... STOPPED\n");
        assertThat(installation.pidFile()).doesNotExist();
        assertThat(installation.log()).contains("Coord has stopped").doesNotContain("ERROR", "WARN");

        assertThat(read(installation.start(), "/kept")).isEqualTo(DATA);
        assertThat(installation.script("restart").exitCode()).isZero();
        assertThat(installation.script("stop").exitCode()).isZero();
        assertThat(installation.script("stop").out()).contains("no server to stop");
        assertThat(installation.script("status").exitCode()).isEqualTo(1);
    }

    static List<InstalledJdk> jdks() {
        List<InstalledJdk> all = InstalledJdk.all();
        System.out.println("The distribution is tested on " + all);
        return all;
    }

    /** Twice, because a JVM makes an archive of classes at the first start and uses it at the second. */
    @ParameterizedTest
    @MethodSource("jdks")
    void runsOnEachJdkThatIsThere(InstalledJdk jdk) throws Exception {
        installation.with("JAVA_HOME", jdk.home().toString()).configure("audit.enable=true");
        assertThat(installation.script("version").out()).contains(", Java " + jdk.version());
        create(installation.start(), "/kept");
        assertThat(installation.script("stop").exitCode()).isZero();

        String address = installation.start();
        assertThat(read(address, "/kept")).isEqualTo(DATA);
        create(address, "/more");
        theShellWorks(address, jdk);
        assertThat(installation.script("status").out()).isEqualTo("Mode: standalone\n");
        assertThat(installation.script("stop").exitCode()).isZero();
        assertThat(installation.log()).contains("Coord has stopped").doesNotContainIgnoringCase("ERROR", "WARN");
    }

    /** One-shot, with and without its archive of classes, as a script and at a terminal; a JVM's warnings would show. */
    private void theShellWorks(String address, InstalledJdk jdk) {
        String shell = directory.resolve("bin/coord-cli").toString();
        Outcome version = installation.run(List.of(shell, "version"));
        assertThat(version.out()).as("%s", version).contains(", Java " + jdk.version());
        for (int i = 0; i < 2; i++) {
            assertThat(installation.run(List.of(shell, "-s", address, "ls", "/")))
                    .isEqualTo(new Outcome(0, "[kept, more, zookeeper]\n", ""));
        }
        String script = "printf 'get /kept\\nlocks\\n' | " + shell + " -s " + address;
        assertThat(installation.run(List.of("sh", "-c", script)))
                .isEqualTo(new Outcome(
                        0,
                        new String(DATA, StandardCharsets.US_ASCII)
                                + "\nNobody holds a lock or waits for one at or below /\n",
                        ""));
        String conversation = "printf 'ls /\\nquit\\n' | script -qfec '" + shell + " -s " + address + "' /dev/null";
        Outcome typed = installation.run(List.of("sh", "-c", conversation));
        assertThat(typed.exitCode()).as("%s", typed).isZero();
        // A line reader's: it asks the terminal to tell what is pasted.
        assertThat(typed.out())
                .contains("[kept, more, zookeeper]", "\u001b[?2004h")
                .doesNotContain("WARN", "restricted");
    }

    /** Word by word, but for the directories and for ports, which are any that are free. */
    @Test
    void theTutorialsConfigurationRunsWithItsMetrics() throws Exception {
        installation.write(
                "zoo.cfg",
                "# The number of milliseconds of each tick",
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "dataDir=" + installation.data(),
                "dataLogDir=" + directory.resolve("log"),
                "clientPort=0",
                "maxClientCnxns=60",
                "autopurge.snapRetainCount=3",
                "autopurge.purgeInterval=1",
                "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
                "metricsProvider.httpPort=0",
                "metricsProvider.exportJvmInfo=true",
                "admin.serverPort=0");
        String address = installation.start();
        assertThat(installation.script("status").out()).isEqualTo("Mode: standalone\n");
        create(address, "/test");
        Matcher port = Pattern.compile("(?i)metrics\\D*http://[^:]*:(\\d+)").matcher(installation.log());
        assertThat(port.find()).as(installation.log()).isTrue();
        String metrics = new String(
                URI.create("http://127.0.0.1:" + port.group(1) + "/metrics")
                        .toURL()
                        .openStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(metrics).contains("znode_count", "jvm_");
        assertThat(installation.script("stop").exitCode()).isZero();
        assertThat(installation.log()).doesNotContain("WARN", "ERROR");
        assertThat(directory.resolve("log"))
                .isDirectoryContaining(file -> file.toString().endsWith(".log"));
        assertThat(read(installation.start(), "/test")).isEqualTo(DATA);
    }

    @Test
    void theAuditLogHasFilesOfItsOwn() throws Exception {
        installation.configure("audit.enable=true");
        create(installation.start(), "/noted");
        assertThat(installation.script("stop").exitCode()).isZero();

        assertThat(Files.readAllLines(installation.logs().resolve("coord-server-zoo-audit.0.log")))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("operation=serverStart\tresult=success"),
                        line -> assertThat(line)
                                .contains("\tip=127.0.0.1\toperation=create\tznode=/noted\tznode_type=persistent"),
                        line -> assertThat(line).endsWith("operation=serverStop\tresult=invoked"));
        assertThat(Files.readString(installation.logs().resolve("coord-server-zoo.0.log")))
                .contains("Coord has started")
                .doesNotContain("operation=");
    }

    @Test
    void theDataOfARunningServerIsShownAndSaved() throws Exception {
        installation.configure();
        create(installation.start(), "/shown");
        String data = installation.data().toString();
        Outcome log = installation.script("data", "log", data, "--path", "/shown");
        assertThat(log.exitCode()).as(log.err()).isZero();
        assertThat(log.out()).contains("-> OK: created /shown");
        Outcome backup = installation.script(
                "data", "backup", data, directory.resolve("backup.tar.gz").toString());
        assertThat(backup.exitCode()).as(backup.err()).isZero();
        assertThat(installation.script("data", "nonsense").exitCode()).isEqualTo(2);
    }

    @Test
    void aServerThatWasKilledStartsAgainOverItsStalePidFile() throws Exception {
        installation.configure();
        String address = installation.start();
        create(address, "/kept");
        ProcessHandle server = installation.server();
        server.destroyForcibly();
        server.onExit().get(30, TimeUnit.SECONDS);
        assertThat(installation.pidFile()).exists();

        assertThat(read(installation.start(), "/kept")).isEqualTo(DATA);
    }

    @Test
    void aPidThatIsSomebodyElsesIsLeftAlone() throws Exception {
        installation.configure();
        Files.createDirectories(installation.data());
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(installation.pidFile(), Long.toString(other.pid()));
            assertThat(installation.script("stop").out()).contains("no server to stop");
            installation.start();
            assertThat(installation.server().pid()).isNotEqualTo(other.pid());
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aWrongValueStopsTheStartWithItsLine() {
        installation.configure("tickTime=2s");
        Outcome start = installation.script("start");
        assertThat(start.exitCode()).isEqualTo(2);
        assertThat(start.out()).contains("FAILED TO START");
        assertThat(start.err()).contains("conf/zoo.cfg, line 4: tickTime=2s: it takes a whole number of milliseconds");
        assertThat(installation.pidFile()).doesNotExist();
        assertThat(installation.script("check").exitCode()).isEqualTo(2);
    }

    @Test
    void aMemberOfAnEnsembleMustKnowWhichOneItIs() {
        installation.configure("initLimit=5", "syncLimit=2", "server.1=a:1:2", "server.2=b:1:2", "server.3=c:1:2");
        Outcome start = installation.script("start");
        assertThat(start.exitCode()).isEqualTo(2);
        assertThat(start.err()).contains("it has 3 server.N lines, and", "myid is missing");
    }

    /** Four directories with a myid each, and four files that differ in dataDir and clientPort. */
    @Test
    void theTutorialsFourFilesMakeALeaderTwoFollowersAndAnObserver() throws Exception {
        List<Integer> ports = freePorts(12);
        List<String> addresses = new ArrayList<>();
        for (int id = 1; id <= 4; id++) {
            Path data = Files.createDirectories(directory.resolve("zk" + id));
            Files.writeString(data.resolve("myid"), id + "\n");
            installation.write(
                    "zoo" + id + ".cfg",
                    "tickTime=2000",
                    "initLimit=10",
                    "syncLimit=5",
                    "dataDir=" + data,
                    "clientPort=" + ports.get(id - 1),
                    "admin.enableServer=false",
                    "server.1=127.0.0.1:" + ports.get(4) + ":" + ports.get(5),
                    "server.2=127.0.0.1:" + ports.get(6) + ":" + ports.get(7),
                    "server.3=127.0.0.1:" + ports.get(8) + ":" + ports.get(9),
                    "server.4=127.0.0.1:" + ports.get(10) + ":" + ports.get(11) + ":observer");
            addresses.add("127.0.0.1:" + ports.get(id - 1));
        }
        try {
            for (int id = 1; id <= 4; id++) {
                Outcome start = installation.script("start", "zoo" + id + ".cfg");
                assertThat(start.exitCode()).as(start.toString()).isZero();
            }
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(List.of(mode(1), mode(2), mode(3), mode(4)))
                            .containsExactlyInAnyOrder(
                                    "Mode: leader\n", "Mode: follower\n", "Mode: follower\n", "Mode: observer\n"));
            assertThat(mode(4)).isEqualTo("Mode: observer\n");
            create(String.join(",", addresses), "/shared");
            assertThat(read(addresses.get(3), "/shared")).isEqualTo(DATA);
            Outcome status = installation.run(List.of(
                    directory.resolve("bin/coord-cli").toString(), "-s", String.join(",", addresses), "status"));
            assertThat(status.exitCode()).as("%s", status).isZero();
            assertThat(status.out().lines().skip(1).map(line -> line.split(" +", 3)[1]))
                    .as("%s", status)
                    .containsExactlyInAnyOrder("leader", "follower", "follower", "observer");
        } finally {
            for (int id = 1; id <= 4; id++) {
                installation.script("stop", "zoo" + id + ".cfg");
            }
        }
    }

    private String mode(int id) {
        return installation.script("status", "zoo" + id + ".cfg").out();
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        }
        List<Integer> ports = new ArrayList<>();
        for (ServerSocket each : sockets) {
            ports.add(each.getLocalPort());
            each.close();
        }
        return ports;
    }

    @Test
    void aPortThatIsTakenStopsTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            installation.write(
                    "zoo.cfg",
                    "dataDir=" + installation.data(),
                    "clientPortAddress=127.0.0.1",
                    "clientPort=" + taken.getLocalPort());
            Outcome start = installation.script("start");
            assertThat(start.exitCode()).isEqualTo(5);
            assertThat(start.err()).contains("Cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aDataDirectoryInUseStopsTheStart() {
        installation.configure();
        installation.start();
        Outcome second = installation
                .with("ZOOPIDFILE", directory.resolve("other.pid").toString())
                .script("start");
        assertThat(second.exitCode()).isEqualTo(3);
        assertThat(second.err()).contains("is in use by process");
    }

    @Test
    void dataOfZooKeeperIsNotTakenForAnEmptyDirectory() throws IOException {
        installation.configure();
        Files.createDirectories(installation.data().resolve("version-2"));
        Files.createFile(installation.data().resolve("version-2").resolve("snapshot.0"));
        Outcome start = installation.script("start");
        assertThat(start.exitCode()).isEqualTo(2);
        assertThat(start.err()).contains("holds the data of a ZooKeeper server");
    }

    @Test
    void inTheForegroundItLogsToItsOutputUntilItIsTerminated() throws Exception {
        installation.configure();
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder("bin/coord-server", "start-foreground")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> Files.readString(out).contains("Coord has started"));
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            assertThat(Files.readString(out)).contains("Coord has stopped");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void anArchiveOfClassesThatIsDamagedIsNotNoticed() throws Exception {
        Path archive = directory.resolve("classes.jsa");
        Files.writeString(archive, "this is no archive");
        installation.configure().with("COORD_CLASS_ARCHIVE", archive.toString());
        create(installation.start(), "/a");
        installation.script("stop");
        assertThat(installation.log()).contains("Coord has stopped").doesNotContain("cds", "rchive");
    }

    @Test
    void anArchiveOfClassesIsMadeByTheFirstServerAndUsedByTheSecond() throws Exception {
        Path archive = directory.resolve("classes.jsa");
        installation.configure().with("COORD_CLASS_ARCHIVE", archive.toString());
        installation.start();
        assertThat(installation.script("stop").exitCode()).isZero();
        assertThat(archive).isNotEmptyFile();
        installation.with("JVMFLAGS", "-Xlog:class+load:file=" + directory.resolve("loaded"));
        create(installation.start(), "/a");
        assertThat(Files.readString(directory.resolve("loaded")))
                .containsPattern("io.coord.server.internal.state.CoordStateMachine source: shared objects file");
        assertThat(installation.log()).doesNotContain("cds");
    }

    @Test
    void withoutAConfigurationItSaysWhatToDo() {
        Outcome start = installation.script("start");
        assertThat(start.exitCode()).isEqualTo(2);
        assertThat(start.err()).contains("Copy").contains("zoo_sample.cfg");
        assertThat(installation.script("begin").exitCode()).isEqualTo(2);
        assertThat(installation.script("version").out()).startsWith("Coord 0.");
    }
}
