package io.coord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.cli.fixture.RealQuorum;
import io.coord.server.EmbeddedServer;
import io.coord.server.EnsembleSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same requests for other members, by ZooKeeper's own client, to an ensemble of one of ours and to one of ZooKeeper's. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReconfigCompatTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final String TWO = "server.2=10.0.0.2:2001:3001:participant;2181";

    @TempDir
    Path directory;

    private record Wish(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String members,
            long version) {}

    /** @param inOrder whether some are in order, but for servers that do not run: an answer to those takes ten seconds here */
    private static List<Wish> wishes(boolean inOrder) {
        List<Wish> wishes = new ArrayList<>();
        if (inOrder) {
            wishes.add(new Wish(TWO + ",server.3=10.0.0.3:2001:3001;2181", null, null, -1));
            wishes.add(new Wish(null, null, TWO + "\nserver.3=10.0.0.3:2001:3001:participant;2181", -1));
        }
        for (String joining : List.of(
                "server.2=10.0.0.2:2001:3001",
                "server.2=10.0.0.2:2001:3001:participant",
                "server.2=10.0.0.2:2001;2181",
                "server.2=10.0.0.2:2001:3001:leader;2181",
                "server.2=10.0.0.2:x:3001;2181",
                "server.2=10.0.0.2:2001:3001;x",
                "server.2=10.0.0.2:2001:3001;2181;2182",
                "server.x=10.0.0.2:2001:3001;2181",
                "server.2",
                "nonsense",
                "=",
                "server.2=10.0.0.2:2001:3001:participant;10.0.0.2:2181,server.3=10.0.0.2:2001:3003;2183",
                "server.2=10.0.0.2:2001:3001:participant;10.0.0.2:2181,server.3=10.0.0.3:2001:3003;10.0.0.2:2181")) {
            wishes.add(new Wish(joining, null, null, -1));
        }
        for (String leaving : List.of("1", "x", "1,2", "1.5")) {
            wishes.add(new Wish(null, leaving, null, -1));
        }
        for (String members : List.of(
                "server.2=10.0.0.2:2001:3001:observer;2181",
                "server.2=10.0.0.2:2001:3001:observer",
                "nonsense",
                "server.x=10.0.0.2:2001:3001;2181",
                "server.2=10.0.0.2:2001",
                "version=5",
                TWO + ",clientPort=2181")) {
            wishes.add(new Wish(null, null, members, -1));
        }
        wishes.add(new Wish("server.2", null, null, 77));
        wishes.add(new Wish(null, null, "nonsense", 77));
        wishes.add(new Wish(null, "7", null, -1));
        wishes.add(new Wish(null, null, null, -1));
        return wishes;
    }

    @Test
    void theSameIsRefusedForTheSameReason() throws Exception {
        List<Integer> ports = RealQuorum.freePorts(3);
        try (RealQuorum quorum = RealQuorum.start(directory.resolve("theirs"));
                EmbeddedServer own = start(ports)) {
            ZooKeeperAdmin theirs = new ZooKeeperAdmin(quorum.connectString(), 30_000, event -> {});
            ZooKeeperAdmin ours = new ZooKeeperAdmin(own.connectString(), 30_000, event -> {});
            try {
                await().atMost(LONG_ENOUGH)
                        .until(() -> theirs.getState().isConnected()
                                && ours.getState().isConnected());
                await().atMost(LONG_ENOUGH)
                        .untilAsserted(() -> assertThat(config(ours)).isEqualTo(config(theirs)));
                // Whether a quorum is there is not told to those who have no permission.
                assertThat(answers(ours, true))
                        .as("without permission")
                        .isEqualTo(answers(theirs, true).stream()
                                .map(each -> each.replace("NEWCONFIGNOQUORUM", "NOAUTH"))
                                .toList());
                theirs.addAuthInfo("digest", "super:admin".getBytes(StandardCharsets.UTF_8));
                ours.addAuthInfo("digest", "super:admin".getBytes(StandardCharsets.UTF_8));
                List<String> expected = answers(theirs, false);
                assertThat(expected.toString()).contains("BADARGUMENTS", "MARSHALLINGERROR", "BADVERSION", "version=");
                assertThat(answers(ours, false)).isEqualTo(expected);
                assertThat(config(ours)).isEqualTo(config(theirs));
            } finally {
                theirs.close();
                ours.close();
            }
        }
    }

    private EmbeddedServer start(List<Integer> ports) throws NoSuchAlgorithmException {
        return EmbeddedServer.builder()
                .port(ports.get(0))
                .dataDir(directory.resolve("ours"))
                .fsync(false)
                .minSessionTimeout(Duration.ofSeconds(10))
                .maxSessionTimeout(Duration.ofMinutes(2))
                .reconfigEnabled(true)
                .superDigest(DigestAuthenticationProvider.generateDigest("super:admin"))
                .ensemble(EnsembleSettings.builder(1)
                        .standaloneEnabled(false)
                        .member(new EnsembleSettings.Member(
                                1, "127.0.0.1", ports.get(1), ports.get(2), false, "127.0.0.1:" + ports.get(0)))
                        .build())
                .start();
    }

    private static List<String> answers(ZooKeeperAdmin admin, boolean inOrder) throws InterruptedException {
        List<String> answers = new ArrayList<>();
        for (Wish each : wishes(inOrder)) {
            Stat stat = new Stat();
            String answer;
            try {
                byte[] data = admin.reconfigure(each.joining, each.leaving, each.members, each.version, stat);
                answer = comparable(data, stat);
            } catch (KeeperException e) {
                answer = e.code().name();
            }
            answers.add(each + ": " + answer);
        }
        return answers;
    }

    private static String config(ZooKeeperAdmin admin) throws Exception {
        Stat stat = new Stat();
        return comparable(admin.getConfig(false, stat), stat);
    }

    /** Without what differs from one server to the next: its ports, and the zxids that it has come to. */
    private static String comparable(byte[] data, Stat stat) {
        String text = new String(data, StandardCharsets.UTF_8);
        assertThat(text).endsWith("version=" + Long.toHexString(stat.getMzxid()));
        return text.replaceAll("127\\.0\\.0\\.1:\\d+(:\\d+)?", "HERE").replaceAll("version=.*", "version=")
                + " " + stat.getVersion() + ' ' + stat.getCversion() + ' ' + stat.getAversion() + ' '
                + stat.getNumChildren() + ' ' + (text.length() - stat.getDataLength()) + ' ' + stat.getCzxid();
    }
}
