package io.coord.verification.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.apache.zookeeper.common.X509Exception.SSLContextException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of our server beside those of real ZooKeeper after the same work: same lines, same fields, same order. */
class FourLetterWordsCompatTest {
    private static final Pattern VERSION =
            Pattern.compile("\\d+\\.\\d+\\.\\d+-\\S+, built on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC");
    private static final Pattern DATE =
            Pattern.compile("[A-Z][a-z]{2} [A-Z][a-z]{2} \\d\\d \\d\\d:\\d\\d:\\d\\d \\S+ \\d{4}");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-f]+");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(E-?\\d+)?");

    private static OperatedServers servers;

    @BeforeAll
    static void startBoth() throws IOException, InterruptedException, KeeperException {
        servers = OperatedServers.start();
    }

    @AfterAll
    static void stopBoth() throws IOException {
        servers.close();
    }

    private static String coord(String word) {
        return WordSocket.ask(servers.coord.port(), word);
    }

    private static String zooKeeper(String word) {
        return WordSocket.ask(servers.zooKeeper.port(), word);
    }

    /** The text with a sign in place of whatever may differ. */
    private static String shape(String text) {
        String shape = VERSION.matcher(text).replaceAll("<version>");
        shape = DATE.matcher(shape).replaceAll("<date>");
        shape = HEX.matcher(shape).replaceAll("<hex>");
        return NUMBER.matcher(shape).replaceAll("<n>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ruok", "gtmk", "isro", "crst", "srst"})
    void aShortAnswerIsTheSame(String word) {
        assertThat(coord(word)).isEqualTo(zooKeeper(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"srvr", "stat", "dirs", "wchs"})
    void anAnswerHasTheSameLinesInTheSameOrder(String word) {
        assertThat(shape(coord(word))).isEqualTo(shape(zooKeeper(word)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"conf", "envi"})
    void settingsHaveTheSameNamesInTheSameOrder(String word) {
        assertThat(names(coord(word), "=")).isEqualTo(names(zooKeeper(word), "="));
    }

    private static List<String> names(String text, String separator) {
        return text.lines().map(line -> before(line, separator)).toList();
    }

    private static String before(String line, String separator) {
        int end = line.indexOf(separator);
        return end < 0 ? line : line.substring(0, end);
    }

    @Test
    void whatCountsIsTheSameNumber() {
        String[] fields = {"Zxid: 0x([0-9a-f]+)", "Connections: (\\d+)", "Outstanding: (\\d+)", "Mode: (.*)"};
        String ours = coord("srvr");
        String theirs = zooKeeper("srvr");
        for (String each : fields) {
            assertThat(found(each, ours)).as(each).isEqualTo(found(each, theirs));
        }
    }

    /** ZooKeeper counts the root twice: it is known by two names there. */
    @Test
    void znodesAreCountedOnce() {
        int theirs = Integer.parseInt(found("Node count: (\\d+)", zooKeeper("srvr")));

        assertThat(found("Node count: (\\d+)", coord("srvr"))).isEqualTo(Integer.toString(theirs - 1));
        assertThat(found("zk_znode_count\t(\\d+)", coord("mntr"))).isEqualTo(Integer.toString(theirs - 1));
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    @Test
    void connectionsHaveTheSameFields() {
        String client = "sid=";
        String ours = lineWith(client, coord("cons"));
        String theirs = lineWith(client, zooKeeper("cons"));

        assertThat(shape(ours).replaceAll("lop=[A-Z]+", "lop="))
                .isEqualTo(shape(theirs).replaceAll("lop=[A-Z]+", "lop="));
        assertThat(ours).matches(" /127\\.0\\.0\\.1:\\d+\\[1]\\(queued=0,recved=\\d+,sent=\\d+,sid=0x[0-9a-f]+,.*\\)");
        assertThat(coord("cons")).endsWith(")\n\n").contains("[0](queued=0,recved=1,sent=0)\n");
        assertThat(zooKeeper("cons")).endsWith(")\n\n").contains("[0](queued=0,recved=1,sent=0)\n");
    }

    private static String lineWith(String part, String text) {
        return text.lines().filter(line -> line.contains(part)).findFirst().orElseThrow(() -> new AssertionError(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wchc", "wchp"})
    void watchesAreListedInTheSameForm(String word) {
        assertThat(sorted(shape(coord(word)))).isEqualTo(sorted(shape(zooKeeper(word))));
        assertThat(coord(word)).endsWith("\n\n").contains("/operated/missing\n");
    }

    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }

    @Test
    void sessionsAndTheirEphemeralsAreListedInTheSameForm() {
        // The connections themselves are grouped by other times.
        String end = "Connections dump:\n";
        String ours = coord("dump");
        String theirs = zooKeeper("dump");

        // How many moments of expiry there are depends on when sessions were heard of.
        assertThat(new TreeSet<>(sorted(shape(ours.substring(0, ours.indexOf(end))))))
                .isEqualTo(new TreeSet<>(sorted(shape(theirs.substring(0, theirs.indexOf(end))))));
        String connection = "\tip: /127\\.0\\.0\\.1:\\d+ sessionId: 0x[0-9a-f]+";
        assertThat(ours.substring(ours.indexOf(end)).lines()).anyMatch(line -> line.matches(connection));
        assertThat(theirs.substring(theirs.indexOf(end)).lines()).anyMatch(line -> line.matches(connection));
    }

    @Test
    void aDigestIsAZxidAndANumber() {
        assertThat(coord("hash")).matches("[0-9a-f]+: \\d+\n");
    }

    @Test
    void theMonitorHasTheSameKeysAndOursAreMarked() {
        Set<String> theirs = keys(zooKeeper("mntr"));
        Set<String> ours = keys(coord("mntr"));

        assertThat(ours).containsAll(theirs);
        assertThat(ours.stream()
                        .filter(key -> !theirs.contains(key) && !key.endsWith("_per_namespace"))
                        .toList())
                .isNotEmpty()
                .allMatch(key -> key.startsWith("zk_coord_") || key.matches("zk_\\w{3}_coord_.*"));
        assertThat(coord("mntr").lines().limit(2).map(line -> before(line, "\t")))
                .containsExactly("zk_version", "zk_server_state");
        assertThat(coord("mntr").lines()).allMatch(line -> line.matches("zk_[\\w/]+\\t\\S.*"));
    }

    /** ZooKeeper's metrics are those of the whole process: other tests have left namespaces there. */
    private static Set<String> keys(String monitor) {
        return monitor.lines()
                .map(line -> before(line, "\t"))
                .filter(key -> !key.endsWith("_per_namespace") || key.contains("_operated_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zk_watch_count",
                "zk_ephemerals_count",
                "zk_global_sessions",
                "zk_num_alive_connections",
                "zk_outstanding_requests",
            })
    void aGaugeOfTheMonitorHasTheSameValue(String gauge) {
        assertThat(found(gauge + "\t(\\S+)", coord("mntr"))).isEqualTo(found(gauge + "\t(\\S+)", zooKeeper("mntr")));
    }

    @Test
    void aTraceMaskIsTakenAndKept() {
        assertThat(WordSocket.ask(servers.coord.port(), WordSocket.setTraceMask(5)))
                .isEqualTo("5");
        assertThat(coord("gtmk")).isEqualTo("5");
        assertThat(WordSocket.ask(servers.coord.port(), WordSocket.setTraceMask(306)))
                .isEqualTo("306");
    }

    @Test
    void theScriptsOfZooKeeperFindTheMode() throws IOException, SSLContextException {
        String answer = FourLetterWordMain.send4LetterWord("127.0.0.1", servers.coord.port(), "srvr");

        assertThat(answer.lines().filter(line -> line.contains("Mode"))).containsExactly("Mode: standalone");
    }

    /** As kazoo finds out what a server can do. */
    @Test
    void aClientReadsTheVersionOutOfTheEnvironment() {
        String version = lineWith("zookeeper.version=", coord("envi")).substring("zookeeper.version=".length());
        Matcher digits = Pattern.compile("([\\d.]*).*", Pattern.DOTALL).matcher(version);

        assertThat(digits.matches()).isTrue();
        assertThat(digits.group(1)).isEqualTo("3.9.5");
    }

    @Test
    void aWordMayComeInPieces() throws IOException {
        try (Socket socket = WordSocket.open(servers.coord.port())) {
            socket.getOutputStream().write("ru".getBytes(US_ASCII));
            socket.getOutputStream().flush();
            // An answer on another connection says that the server has had its turn with the first piece.
            assertThat(coord("ruok")).isEqualTo("imok");
            socket.getOutputStream().write("ok\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .isEqualTo("imok");
        }
    }

    @Test
    void fourLettersThatAreNoWordEndTheConnectionWithoutAnAnswer() {
        assertThat(coord("abcd")).isEmpty();
        assertThat(zooKeeper("abcd")).isEmpty();
    }

    @Test
    void manyAskAtOnceAndAllAreAnswered() {
        List<String> answers = List.of("srvr", "mntr", "stat", "ruok", "dump", "wchp", "conf", "envi").parallelStream()
                .flatMap(word -> java.util.stream.Stream.generate(() -> word).limit(5))
                .map(FourLetterWordsCompatTest::coord)
                .toList();

        assertThat(answers).hasSize(40).noneMatch(String::isEmpty);
    }
}
